/* Where a broker keeps things: a journal, and a log for each partition. In memory, or in a folder. */

import { MemoryLog } from '../log/memory-log.ts';
import { MemoryRoom } from '../log/memory-room.ts';
import type { LogSettings, PartitionLog } from '../log/partition-log.ts';
import { MemoryJournal, type Journal } from './journal.ts';

export interface Store {
  readonly journal: Journal;
  /** Opens the log, or makes an empty one. */
  openLog(topic: string, partition: number, settings: LogSettings): PartitionLog;
  close(): Promise<void>;
}

export class MemoryStore implements Store {
  readonly journal: Journal;

  readonly #room: MemoryRoom;

  constructor(journal: Journal = new MemoryJournal(), room = new MemoryRoom()) {
    this.#room = room;
    this.journal = journal;
  }
  openLog(_topic: string, _partition: number, settings: LogSettings): PartitionLog {
    return new MemoryLog(settings, this.#room);
  }
  async close(): Promise<void> {
    await this.journal.close();
  }
}
