/* Where a broker keeps things: a journal, and a log for each partition. In memory, or in a folder. */

import { MemoryLog } from '../log/memory-log.ts';
import { MemoryRoom } from '../log/memory-room.ts';
import type { LogSettings, PartitionLog } from '../log/partition-log.ts';
import { MemoryJournal, type Journal } from './journal.ts';

/** How much room there is; -1 where that has no bound. */
export interface StoreSpace {
  readonly totalBytes: number;
  readonly usableBytes: number;
}
export const memoryPlace = 'memory';
/** Of memory there is what all logs may take together. */
export function memorySpace({ bytesMax, held }: MemoryRoom): StoreSpace {
  const bounded = bytesMax < Infinity;
  return {
    totalBytes: bounded ? bytesMax : -1,
    usableBytes: bounded ? Math.max(0, bytesMax - held) : -1,
  };
}

export interface Store {
  readonly journal: Journal;
  /** Where the logs lie, as clients are told: a folder, or a word. */
  readonly place: string;
  /** Opens the log, or makes an empty one. */
  openLog(topic: string, partition: number, settings: LogSettings): PartitionLog;
  /** Rejects with KafkaStorageError. */
  space(): Promise<StoreSpace>;
  close(): Promise<void>;
}

export class MemoryStore implements Store {
  readonly journal: Journal;
  readonly place = memoryPlace;
  readonly #room: MemoryRoom;

  constructor(journal: Journal = new MemoryJournal(), room = new MemoryRoom()) {
    this.#room = room;
    this.journal = journal;
  }
  openLog(_topic: string, _partition: number, settings: LogSettings): PartitionLog {
    return new MemoryLog(settings, this.#room);
  }
  async space(): Promise<StoreSpace> {
    return memorySpace(this.#room);
  }
  async close(): Promise<void> {
    await this.journal.close();
  }
}
