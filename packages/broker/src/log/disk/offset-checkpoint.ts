/* A file with one offset a partition, in Kafka's format:
 *
 *   0                      the version
 *   2                      how many lines follow
 *   clicks 0 1042
 *   clicks 1 998
 *
 * Written anew with every change: another file, then renamed. */

import { closeSync, fdatasyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { KafkaStorageError } from '../storage-error.ts';

export class OffsetCheckpoint {
  readonly #path: string;
  readonly #durable: boolean;
  readonly #offsets = new Map<string, number>();

  /** `durable`: on the disk when `set` returns. What cannot be read counts as not there. */
  constructor(path: string, durable: boolean) {
    this.#path = path;
    this.#durable = durable;
    for (const line of readLines(path)) {
      const [, place, offset] = /^(\S+ \d+) (\d+)$/.exec(line) ?? [];
      if (place !== undefined) this.#offsets.set(place, Number(offset));
    }
  }
  get(topic: string, partition: number): number | undefined {
    return this.#offsets.get(`${topic} ${partition}`);
  }
  /** Throws KafkaStorageError, and keeps the old offset. */
  set(topic: string, partition: number, offset: number | undefined): void {
    const place = `${topic} ${partition}`;
    const old = this.#offsets.get(place);
    if (old === offset) return;
    this.#put(place, offset);
    try {
      this.#write();
    } catch (cause) {
      this.#put(place, old);
      throw new KafkaStorageError(`${this.#path} could not be written`, cause);
    }
  }
  #put(place: string, offset: number | undefined): void {
    if (offset === undefined) this.#offsets.delete(place);
    else this.#offsets.set(place, offset);
  }
  #write(): void {
    const lines = [...this.#offsets].map(([place, offset]) => `${place} ${offset}`);
    const made = `${this.#path}.tmp`;
    const fd = openSync(made, 'w');
    try {
      const bytes = Buffer.from(['0', `${lines.length}`, ...lines, ''].join('\n'));
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      if (this.#durable) fdatasyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(made, this.#path);
  }
}

function readLines(path: string): readonly string[] {
  try {
    const [version, count, ...lines] = readFileSync(path, 'utf8').split('\n');
    return version === '0' && lines.length > Number(count) ? lines.slice(0, Number(count)) : [];
  } catch {
    return [];
  }
}
