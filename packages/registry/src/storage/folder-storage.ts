/* Records in a folder: the whole log in one file, a record a line, replaced by a rename. A registry is small, and written
 * seldom: a write costs what the whole log does, and a crash leaves the log before it or behind it.
 *
 *   dir/schemas.jsonl   {"key":"…","value":"…"}     of each key the last record, in the order of the log
 *   dir/lock            one process at a time
 */

import { join } from 'node:path';
import { ExternalError, type Disk, type DiskLock, UserError } from '#base';
import type { LogRecord } from '../state/log-records.ts';
import { Turns, type Append, type Apply, type SchemaStorage } from './storage.ts';

export class FolderStorage implements SchemaStorage {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #file: string;
  readonly #turns = new Turns();
  /** By key, in the order of the log: what a key said before it says no more. */
  readonly #records = new Map<string, LogRecord>();
  #lock: DiskLock | undefined;
  #apply: Apply = () => {};

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
    this.#file = join(folder, 'schemas.jsonl');
  }
  /** Throws ExternalError REG2002 when another process has the folder, and UserError REG1002 when its file is damaged. */
  async open(apply: Apply): Promise<void> {
    await this.#disk.makeFolder(this.#folder);
    const lock = await this.#disk.lock(join(this.#folder, 'lock'));
    if ('heldBy' in lock)
      throw new ExternalError('REG2002', {
        message: `the folder ${this.#folder} is in use by ${lock.heldBy}`,
        hint: 'One registry writes a folder at a time; several may share a Kafka topic.',
        retryable: false,
      });
    this.#lock = lock;
    this.#apply = apply;
    const bytes = await this.#disk.read(this.#file);
    const lines = new TextDecoder().decode(bytes ?? new Uint8Array()).split('\n');
    for (const [i, line] of lines.entries()) {
      if (line === '') continue;
      const record = this.#parse(line, i + 1);
      this.#keep(record);
      apply(record);
    }
  }
  #parse(line: string, number: number): LogRecord {
    try {
      const { key, value } = JSON.parse(line) as LogRecord;
      if (typeof key === 'string' && (value === null || typeof value === 'string')) return { key, value };
    } catch {
      // Told below.
    }
    throw new UserError('REG1002', {
      message: `line ${number} of ${this.#file} is no record of a registry`,
      hint: 'Restore the file from a copy, or start with another folder.',
    });
  }
  #keep(record: LogRecord): void {
    this.#records.delete(record.key);
    if (record.value !== null) this.#records.set(record.key, record);
  }
  exclusively<T>(work: (append: Append) => Promise<T>): Promise<T> {
    return this.#turns.run(() =>
      work(async (record) => {
        await this.#write(record);
        this.#keep(record);
        this.#apply(record);
      }),
    );
  }
  async #write(record: LogRecord): Promise<void> {
    const records = [...this.#records.values()].filter((r) => r.key !== record.key);
    if (record.value !== null) records.push(record);
    const text = records.map((r) => `${JSON.stringify(r)}\n`).join('');
    const next = `${this.#file}.next`;
    await this.#disk.write(next, [new TextEncoder().encode(text)]);
    await this.#disk.sync(next);
    await this.#disk.rename(next, this.#file);
    await this.#disk.sync(this.#folder);
  }
  async catchUp(): Promise<void> {}
  async close(): Promise<void> {
    await this.#turns.run(async () => {
      await this.#lock?.release();
      this.#lock = undefined;
    });
  }
}
