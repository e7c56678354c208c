/* The map on disk of one operator instance: as it is, and as it was at each snapshot that is still kept.
 *
 *   generation   one more with each snapshot; a value says in which it was written
 *   put, remove ─▶ waiting ─▶ commit: what a key held before this generation, and the new value, in one transaction
 *   restore     what was held before later generations is written back, the last first
 *
 * So a snapshot costs a number, whatever the size of the map; the map's transactions and the checkpoint's manifest need not
 * agree: what came behind the manifest is taken back (DESIGN 6, with the old version beside instead of in the key; ADR 22). */

import { assert, ExternalError, type DiskMap, type DiskMapEntry, type DiskMapWriter } from '#base';
import { metaKey, undoKey, undoSince, undoUntil } from './keys.ts';

/** What is known of a key on disk by whoever writes it. */
export type Before = 'absent' | 'of this generation' | 'unknown';

interface Waiting {
  readonly key: Uint8Array;
  readonly before: Before;
  /** Undefined: removed. */
  value: Uint8Array | undefined;
}

const generationBytes = 4;
/** Writes that wait, at most. */
const waitingMax = 8192;
/** Entries read or removed in one go. */
const stepEntries = 4096;

export const generationOf = (value: Uint8Array): number =>
  new DataView(value.buffer, value.byteOffset, value.byteLength).getInt32(0, true);
export const contentOf = (value: Uint8Array): Uint8Array => value.subarray(generationBytes);
const nameOf = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');

export class DiskFile {
  readonly #map: DiskMap;
  readonly #path: string;
  #waiting = new Map<string, Waiting>();
  #undone = 0;
  /** Generations up to this one are no longer gone back to. */
  #forgettable = -1;
  #forgotten = -1;
  generation = 0;

  constructor(map: DiskMap, path: string) {
    this.#map = map;
    this.#path = path;
  }
  /** The value with its generation in front; good until the next call. */
  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#waiting.size > 0) {
      const waiting = this.#waiting.get(nameOf(key));
      if (waiting !== undefined) return waiting.value;
    }
    return this.#map.get(key);
  }
  /** `content` is copied. */
  put(key: Uint8Array, content: Uint8Array, before: Before): void {
    const value = new Uint8Array(generationBytes + content.length);
    new DataView(value.buffer).setInt32(0, this.generation, true);
    value.set(content, generationBytes);
    this.#wait(key, value, before);
  }
  remove(key: Uint8Array, before: Before): void {
    this.#wait(key, undefined, before);
  }
  #wait(key: Uint8Array, value: Uint8Array | undefined, before: Before): void {
    const name = nameOf(key);
    const known = this.#waiting.get(name);
    if (known !== undefined) known.value = value;
    else this.#waiting.set(name, { key, before, value });
  }
  get isCrowded(): boolean {
    return this.#waiting.size >= waitingMax;
  }
  /** The first entry of a range, waiting ones among them; its key alone is told. */
  firstKey([from, to]: readonly [Uint8Array, Uint8Array]): Uint8Array | undefined {
    if (this.#waiting.size > 0) this.commit();
    return this.#map.range(from, to, 1)[0]?.key;
  }
  range([from, to]: readonly [Uint8Array, Uint8Array], limit: number): readonly DiskMapEntry[] {
    if (this.#waiting.size > 0) this.commit();
    return this.#map.range(from, to, limit);
  }

  *entries(within: readonly [Uint8Array, Uint8Array]): Iterable<DiskMapEntry> {
    this.commit();
    yield* entriesOf(this.#map, within);
  }

  commit(): void {
    if (this.#waiting.size === 0) return;
    // In the order of keys: what lies together is written together.
    const names = [...this.#waiting.keys()].sort();
    this.#map.transact((to) => {
      for (const name of names) this.#write(to, this.#waiting.get(name)!);
    });
    this.#waiting = new Map();
  }
  #write(to: DiskMapWriter, { key, value, before }: Waiting): void {
    // Of the first generation nothing is older to go back to.
    if (this.generation > 0 && before !== 'of this generation') {
      const old = before === 'absent' ? undefined : this.#map.get(key);
      if (old === undefined || generationOf(old) !== this.generation)
        to.put(undoKey(this.generation, this.#undone++), undoOf(key, old));
    }
    if (value === undefined) to.remove(key);
    else to.put(key, value);
  }

  /** All so far belongs to the generation that ends here; returns its number. */
  snapshot(): number {
    const ended = this.generation;
    this.commit();
    this.generation = ended + 1;
    this.#undone = 0;
    this.#map.transact((to) => {
      to.put(metaKey, numberBytes(this.generation));
    });
    return ended;
  }
  /** Makes the map what it was when `generation` ended. Throws ExternalError CHK2004 where it is older. */
  restore(generation: number): void {
    this.#waiting = new Map();
    checkGeneration(this.#map, generation, this.#path);
    const [from, to] = undoSince(generation);
    for (;;) {
      const entries = this.#map.range(from, to, stepEntries, true);
      if (entries.length === 0) break;
      this.#map.transact((writer) => {
        for (const { key, value } of entries) {
          const { of, old } = readUndo(value);
          if (old === undefined) writer.remove(of);
          else writer.put(of, old);
          writer.remove(key);
        }
      });
    }
    this.generation = generation + 1;
    this.#undone = 0;
    this.#map.transact((writer) => {
      writer.put(metaKey, numberBytes(this.generation));
    });
  }
  /** Nobody goes back behind the end of this generation any more. */
  forget(generation: number): void {
    this.#forgettable = Math.max(this.#forgettable, generation);
  }
  /** Removes some of what is no longer gone back to. */
  tidy(): void {
    if (this.#forgotten >= this.#forgettable) return;
    const [from, to] = undoUntil(this.#forgettable);
    const entries = this.#map.range(from, to, stepEntries);
    if (entries.length > 0)
      this.#map.transact((writer) => {
        for (const { key } of entries) writer.remove(key);
      });
    if (entries.length < stepEntries) this.#forgotten = this.#forgettable;
  }
  /** Begins anew. */
  clear(): void {
    this.#waiting = new Map();
    this.#map.clear();
  }
  flush(): Promise<void> {
    this.commit();
    return this.#map.flush();
  }
  close(): Promise<void> {
    return this.#map.close();
  }
}

/** The same map as it was when a generation ended, for reading, while its owner goes on. */
export class DiskFileView {
  readonly #map: DiskMap;
  /** What keys held then that were written since, by name. */
  readonly #before = new Map<string, Uint8Array | undefined>();

  constructor(map: DiskMap, generation: number, path: string) {
    this.#map = map;
    checkGeneration(map, generation, path);
    for (const { value } of entriesOf(map, undoSince(generation))) {
      const { of, old } = readUndo(value);
      const name = nameOf(of);
      if (!this.#before.has(name)) this.#before.set(name, old);
    }
  }
  get(key: Uint8Array): Uint8Array | undefined {
    const name = nameOf(key);
    return this.#before.has(name) ? this.#before.get(name) : this.#map.get(key);
  }
  /** All entries of a range, in no order. */
  *entries(within: readonly [Uint8Array, Uint8Array]): Iterable<DiskMapEntry> {
    for (const entry of entriesOf(this.#map, within)) if (!this.#before.has(nameOf(entry.key))) yield entry;
    for (const [name, value] of this.#before) {
      const key = new Uint8Array(Buffer.from(name, 'latin1'));
      if (value !== undefined && Buffer.compare(key, within[0]) >= 0 && Buffer.compare(key, within[1]) < 0)
        yield { key, value };
    }
  }
  close(): Promise<void> {
    return this.#map.close();
  }
}

function* entriesOf(map: DiskMap, [from, to]: readonly [Uint8Array, Uint8Array]): Iterable<DiskMapEntry> {
  for (let at = from; ; ) {
    const entries = map.range(at, to, stepEntries);
    yield* entries;
    if (entries.length < stepEntries) return;
    at = behind(entries[entries.length - 1]!.key);
  }
}
/** The least key that is greater. */
function behind(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

function checkGeneration(map: DiskMap, generation: number, path: string): void {
  const written = map.get(metaKey);
  const last = written === undefined ? -1 : generationOf(written);
  if (last > generation) return;
  throw new ExternalError('CHK2004', {
    message: `the state on disk in ${path} is older than the checkpoint that names it: it ends before generation ${last}, and the checkpoint needs that of ${generation}`,
    hint: 'The folder was removed or put back from elsewhere. An older savepoint, or --fresh, goes on without it.',
    retryable: false,
  });
}
const numberBytes = (n: number): Uint8Array => {
  const bytes = new Uint8Array(generationBytes);
  new DataView(bytes.buffer).setInt32(0, n, true);
  return bytes;
};

/** A key and what it held: its length, the key, 0 for nothing or 1 and the value. */
function undoOf(key: Uint8Array, old: Uint8Array | undefined): Uint8Array {
  const bytes = new Uint8Array(3 + key.length + (old?.length ?? 0));
  new DataView(bytes.buffer).setUint16(0, key.length, true);
  bytes.set(key, 2);
  bytes[2 + key.length] = old === undefined ? 0 : 1;
  if (old !== undefined) bytes.set(old, 3 + key.length);
  return bytes;
}
function readUndo(bytes: Uint8Array): { readonly of: Uint8Array; readonly old: Uint8Array | undefined } {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint16(0, true);
  assert(bytes.length >= 3 + length, 'what a key held before is whole');
  return {
    of: bytes.slice(2, 2 + length),
    old: bytes[2 + length] === 0 ? undefined : bytes.slice(3 + length),
  };
}
