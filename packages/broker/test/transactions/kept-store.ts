/* A store that stays when its broker stops, and that can die in the middle of a write, as a disk does when the power goes:
 * what was written until then is there for the next broker. */

import { MemoryJournal, type Journal, type Json } from '../../src/cluster/journal.ts';
import type { Store, StoreSpace } from '../../src/cluster/store.ts';
import { MemoryLog } from '../../src/log/memory-log.ts';
import type { LogSettings, PartitionLog } from '../../src/log/partition-log.ts';
import type { RecordBatch } from '#records';

export class StoreDied extends Error {}

export class KeptStore implements Store {
  readonly journal: Journal;
  readonly place = 'kept';
  readonly #entries = new MemoryJournal();
  readonly #logs = new Map<string, MemoryLog>();
  /** How many more writes are taken. */
  writesLeft = Infinity;
  /** What acknowledgements wait for, as with flush.messages=1. */
  flushing: Promise<void> | undefined;

  constructor() {
    this.journal = {
      put: (key: string, value: Json | undefined): void => {
        this.#write();
        this.#entries.put(key, value);
      },
      entries: () => this.#entries.entries(),
      flush: async () => {},
      close: async () => {},
    };
  }
  get died(): boolean {
    return this.writesLeft <= 0;
  }
  #write(): void {
    if (this.died) throw new StoreDied('the store took no more writes');
    this.writesLeft--;
  }
  openLog(topic: string, partition: number, settings: LogSettings): PartitionLog {
    const key = `${topic}/${partition}`;
    let log = this.#logs.get(key);
    if (log === undefined) {
      const write = (): void => this.#write();
      log = new (class extends MemoryLog {
        override append(batch: Buffer, head: RecordBatch): void {
          write();
          super.append(batch, head);
        }
      })(settings);
      Object.defineProperty(log, 'flushDue', { get: () => this.flushing !== undefined });
      log.flush = async () => this.flushing;
      this.#logs.set(key, log);
    }
    return log;
  }
  async space(): Promise<StoreSpace> {
    return { totalBytes: -1, usableBytes: -1 };
  }
  async close(): Promise<void> {}
}
