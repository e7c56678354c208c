/* The journal as a file of lines, each with its checksum; the last line of a key counts.
 *
 *   1c291ca3 ["topic/clicks",{"id":…}]
 *   9a2b33f0 ["topic/clicks"]                taken away
 *
 * A line that a crash tore is cut off at the next start. When the file is mostly old lines it is written anew beside,
 * brought to the disk, and renamed. */

import {
  closeSync,
  existsSync,
  fdatasync,
  fdatasyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { crc32c } from '#wasm';
import { KafkaStorageError } from '../log/storage-error.ts';
import type { Journal, Json } from './journal.ts';

const sync = promisify(fdatasync);
const newline = 10;
const checksumChars = 8;
/** A file is written anew when it is larger than this and four times what it says. */
const rewriteBytesMin = 1 << 20;
const rewriteFactor = 4;

function lineOf(key: string, value: string | undefined): Buffer {
  const text = Buffer.from(
    value === undefined ? `[${JSON.stringify(key)}]` : `[${JSON.stringify(key)},${value}]`,
  );
  const checksum = crc32c(text, 0).toString(16).padStart(checksumChars, '0');
  return Buffer.concat([Buffer.from(`${checksum} `), text, Buffer.from('\n')]);
}
/** Key and value of a line without its end, or undefined when it is torn. */
function parseLine(line: Buffer): readonly [key: string, value?: Json] | undefined {
  const text = line.subarray(checksumChars + 1);
  const checksum = line.toString('latin1', 0, checksumChars);
  if (text.length === 0 || crc32c(text, 0) !== Number.parseInt(checksum, 16)) return undefined;
  return JSON.parse(text.toString()) as readonly [string, Json?];
}

export class FileJournal implements Journal {
  readonly #path: string;
  readonly #log: (line: string) => void;
  /** Values as text, by key. */
  readonly #values = new Map<string, string>();
  #fd: number;
  #bytes = 0;
  /** What the lines that count take. */
  #liveBytes = 0;
  /** How many puts there were, and how many of them are on the disk. */
  #puts = 0;
  #synced = 0;
  #syncing = 0;

  /** Opens the file, or makes it. */
  constructor(path: string, log: (line: string) => void) {
    this.#path = path;
    this.#log = log;
    const data = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    this.#fd = openSync(path, existsSync(path) ? 'r+' : 'w+');
    this.#bytes = this.#load(data);
    if (this.#bytes < data.length) this.#cut(data);
  }
  /** Takes in all sound lines; gives where they end. */
  #load(data: Buffer): number {
    let at = 0;
    for (let end = data.indexOf(newline, at); end >= 0; end = data.indexOf(newline, at)) {
      const entry = parseLine(data.subarray(at, end));
      if (entry === undefined) return at;
      this.#set(entry[0], entry.length === 1 ? undefined : JSON.stringify(entry[1]));
      at = end + 1;
    }
    return at;
  }
  /** Cuts what is no sound line; more than a torn last line is kept aside. */
  #cut(data: Buffer): void {
    const rest = data.subarray(this.#bytes);
    const torn = rest.indexOf(newline) < 0;
    if (!torn) writeFileSync(`${this.#path}.cut`, rest);
    this.#log(
      `${this.#path}: ${rest.length} bytes at ${this.#bytes} were no whole line and are cut off` +
        (torn ? '' : `; they are kept in ${this.#path}.cut`),
    );
    ftruncateSync(this.#fd, this.#bytes);
  }
  #set(key: string, value: string | undefined): void {
    const old = this.#values.get(key);
    if (old !== undefined) this.#liveBytes -= old.length + key.length;
    if (value === undefined) this.#values.delete(key);
    else {
      this.#values.set(key, value);
      this.#liveBytes += value.length + key.length;
    }
  }

  /** Throws KafkaStorageError, and keeps the old value. */
  put(key: string, value: Json | undefined): void {
    if (value === undefined && !this.#values.has(key)) return;
    const text = value === undefined ? undefined : JSON.stringify(value);
    const line = lineOf(key, text);
    try {
      writeAll(this.#fd, line, this.#bytes);
    } catch (cause) {
      ftruncateSync(this.#fd, this.#bytes);
      throw new KafkaStorageError(`${this.#path} could not be written`, cause);
    }
    this.#bytes += line.length;
    this.#puts++;
    this.#set(key, text);
    const old = this.#bytes > rewriteBytesMin && this.#bytes > rewriteFactor * this.#liveBytes;
    // A sync has the file in use.
    if (old && this.#syncing === 0) this.#rewrite();
  }
  /** When the disk does not take it the old file stays. */
  #rewrite(): void {
    const made = `${this.#path}.new`;
    let fd: number | undefined;
    try {
      fd = openSync(made, 'w+');
      const bytes = Buffer.concat([...this.#values].map(([key, value]) => lineOf(key, value)));
      writeAll(fd, bytes, 0);
      fdatasyncSync(fd);
      renameSync(made, this.#path);
      closeSync(this.#fd);
      this.#fd = fd;
      this.#bytes = bytes.length;
      this.#synced = this.#puts;
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      this.#log(`${this.#path} could not be written anew: ${String(error)}`);
    }
  }
  *entries(): Iterable<readonly [string, Json]> {
    for (const [key, value] of [...this.#values]) yield [key, JSON.parse(value) as Json];
  }
  /** Whether the disk does not have everything yet. */
  get dirty(): boolean {
    return this.#synced < this.#puts;
  }
  async flush(): Promise<void> {
    if (!this.dirty) return;
    const puts = this.#puts;
    this.#syncing++;
    try {
      await sync(this.#fd);
    } catch (cause) {
      throw new KafkaStorageError(`${this.#path} could not be flushed`, cause);
    } finally {
      this.#syncing--;
    }
    this.#synced = Math.max(this.#synced, puts);
  }
  async close(): Promise<void> {
    try {
      await this.flush();
    } finally {
      closeSync(this.#fd);
    }
  }
}

function writeAll(fd: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; )
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
}
