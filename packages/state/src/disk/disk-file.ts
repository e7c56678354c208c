/* The map on disk of one operator instance: as it is, and as it was at each snapshot that is still kept.
 *
 *   generation   one more with each snapshot; a value says in which it was written
 *   put, remove ─▶ waiting ─▶ commit: what a key held before this generation, and the new value, in one transaction
 *   restore     what was held before later generations is written back, the last first
 *
 * So a snapshot costs a number, whatever the size of the map; the map's transactions and the checkpoint's manifest need not
 * agree: what came behind the manifest is taken back (DESIGN 6, with the old version beside instead of in the key; ADR 22). */

import { assert, ExternalError, type DiskMap, type DiskMapEntry, type DiskMapWriter } from '#base';
import { behind, metaKey, undoKey, undoSince, undoUntil } from './keys.ts';
import type { KeyRange } from './row-space.ts';

/** What is known of a key on disk by whoever writes it. 'of no account': nobody goes back to what it held. */
export type Before = 'absent' | 'of this generation' | 'unknown' | 'of no account';

interface Waiting {
  readonly key: Uint8Array;
  readonly before: Before;
  /** Undefined: removed. */
  value: Uint8Array | undefined;
}
/** A transaction under way. */
interface Sent {
  readonly writes: ReadonlyMap<string, Waiting>;
  /** Resolves when it is through or failed. */
  readonly through: Promise<void>;
}

/** Keys that are to go. */
interface Dropped {
  readonly range: KeyRange;
  /** The generation in which they were let go: a snapshot of an earlier one needs them. */
  readonly since: number;
  /** Writes into the range that were under way then, or are. */
  behind: readonly Sent[];
}

const generationBytes = 4;
/** Writes of one transaction, about. */
const transactionWrites = 8192;
/** Transactions under way beside, at most, before who writes must wait. */
const sentMax = 2;
/** Values are made in buffers of this size: the map takes the address of each buffer once. */
const poolBytes = 1 << 18;
/** Entries read or removed in one go. */
const stepEntries = 4096;

export const generationOf = (value: Uint8Array): number =>
  value[0]! | (value[1]! << 8) | (value[2]! << 16) | (value[3]! << 24);
export const contentOf = (value: Uint8Array): Uint8Array => value.subarray(generationBytes);
const nameOf = (key: Uint8Array): string =>
  Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');

export class DiskFile {
  readonly #map: DiskMap;
  readonly #path: string;
  /** Writes are asked for by ranges: they are made at once. */
  readonly #atOnce: boolean;
  readonly #wake: () => void;
  #waiting = new Map<string, Waiting>();
  /** Under way, the oldest first. */
  #sent: Sent[] = [];
  #failure: { readonly error: unknown } | undefined;
  #pool = new Uint8Array(0);
  #undone = 0;
  /** Generations up to this one are no longer gone back to. */
  #forgettable = -1;
  #forgotten = -1;
  /** The oldest first. */
  #dropped: Dropped[] = [];
  generation = 0;

  /** `wake` is called when transactions that were under way are through. */
  constructor(map: DiskMap, path: string, how: { readonly atOnce: boolean; readonly wake: () => void }) {
    this.#map = map;
    this.#path = path;
    this.#atOnce = how.atOnce;
    this.#wake = how.wake;
  }
  /** So much is under way that nothing more should be asked for. */
  get isBehind(): boolean {
    return this.#sent.length >= sentMax && this.#failure === undefined;
  }
  /** The value with its generation in front; good until the next call. */
  get(key: Uint8Array): Uint8Array | undefined {
    if (this.#waiting.size === 0 && this.#sent.length === 0) return this.#map.get(key);
    const name = nameOf(key);
    const waiting = this.#waiting.get(name);
    return waiting === undefined ? this.#committed(name, key) : waiting.value;
  }
  /** What a key holds once all is through that is under way. */
  #committed(name: string, key: Uint8Array): Uint8Array | undefined {
    for (let i = this.#sent.length - 1; i >= 0; i--) {
      const known = this.#sent[i]!.writes.get(name);
      if (known !== undefined) return known.value;
    }
    return this.#map.get(key);
  }
  /** `content` is copied. */
  put(key: Uint8Array, content: Uint8Array, before: Before): void {
    const value = this.#valueOf(generationBytes + content.length);
    writeGeneration(value, this.generation);
    value.set(content, generationBytes);
    this.#wait(key, value, before);
  }
  #valueOf(length: number): Uint8Array {
    if (length > this.#pool.length) this.#pool = new Uint8Array(Math.max(length, poolBytes));
    const value = this.#pool.subarray(0, length);
    this.#pool = this.#pool.subarray(length);
    return value;
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
    return this.#waiting.size >= transactionWrites;
  }
  /** The first key of a range, waiting ones among them. */
  firstKey([from, to]: KeyRange): Uint8Array | undefined {
    assert(this.#atOnce, 'ranges are asked for where writes are made at once');
    this.commit();
    return this.#map.range(from, to, 1)[0]?.key;
  }
  /** Entries of a range, those under way aside. */
  range([from, to]: KeyRange, limit: number): readonly DiskMapEntry[] {
    if (this.#atOnce) this.commit();
    const entries = this.#map.range(from, to, limit);
    if (this.#waiting.size === 0 && this.#sent.length === 0) return entries;
    return entries.filter(({ key }) => !this.#isUnderWay(nameOf(key)));
  }
  #isUnderWay(name: string): boolean {
    return this.#waiting.has(name) || this.#sent.some(({ writes: sent }) => sent.has(name));
  }
  /** Entries of a range as the map has them, whatever is under way. */
  committed([from, to]: KeyRange, limit: number): readonly DiskMapEntry[] {
    return this.#map.range(from, to, limit);
  }
  /** Keys of a range with a value that is not in the map yet, and the value. */
  underWay([from, to]: KeyRange): readonly DiskMapEntry[] {
    const entries: DiskMapEntry[] = [];
    for (const writes of [...this.#sent.map((sent) => sent.writes), this.#waiting])
      for (const { key, value } of writes.values())
        if (value !== undefined && Buffer.compare(key, from) >= 0 && Buffer.compare(key, to) < 0)
          entries.push({ key, value });
    return entries;
  }
  /** The greatest key of a range, when nothing is under way. */
  lastKey([from, to]: KeyRange): Uint8Array | undefined {
    return this.#map.range(from, to, 1, true)[0]?.key;
  }
  /** The least one. */
  leastKey([from, to]: KeyRange): Uint8Array | undefined {
    return this.#map.keys(from, to, 1)[0];
  }
  /** All entries of a range, when nothing is under way. */
  *entries(within: KeyRange): Iterable<DiskMapEntry> {
    assert(this.#sent.length === 0, 'what is under way is waited for before a map is gone through');
    if (this.#waiting.size > 0) this.#transact(this.#taken());
    yield* entriesOf(this.#map, within);
  }

  /** Writes what waits. Throws what an earlier transaction failed with. */
  commit(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#waiting.size === 0) return;
    this.#hand(this.#taken());
  }
  /** What is under way of it then. */
  #hand(writes: readonly Waiting[]): readonly Sent[] {
    if (!this.#atOnce) return [this.#send(writes)];
    this.#transact(writes);
    return [];
  }
  /** What waits, with what its keys held before, which goes in front. */
  #taken(): Waiting[] {
    // In the order of keys: what lies together is written together.
    const names = [...this.#waiting.keys()].sort();
    const writes: Waiting[] = [];
    for (const name of names) {
      const waiting = this.#waiting.get(name)!;
      const undo = this.#undoFor(name, waiting);
      if (undo !== undefined) writes.push(undo);
      writes.push(waiting);
    }
    this.#waiting = new Map();
    return writes;
  }
  #undoFor(name: string, { key, before }: Waiting): Waiting | undefined {
    // Of the first generation nothing is older to go back to.
    if (this.generation === 0 || before === 'of this generation' || before === 'of no account')
      return undefined;
    const old = before === 'absent' ? undefined : this.#committed(name, key);
    if (old !== undefined && generationOf(old) === this.generation) return undefined;
    const value = undoOf(key, old, (length) => this.#valueOf(length));
    return { key: undoKey(this.generation, this.#undone++), before: 'absent', value };
  }
  #transact(writes: readonly Waiting[]): void {
    this.#map.transact((to) => {
      writeAll(to, writes);
    });
  }
  #send(writes: readonly Waiting[]): Sent {
    const written = this.#map.write((to) => {
      writeAll(to, writes);
    });
    const through = written
      .then(
        () => {
          this.#sent = this.#sent.filter((other) => other !== sent);
        },
        (error: unknown) => {
          // It stays known here: whoever writes or flushes next is told.
          this.#failure ??= { error };
        },
      )
      .finally(this.#wake);
    const sent: Sent = { writes: new Map(writes.map((w) => [nameOf(w.key), w])), through };
    this.#sent.push(sent);
    return sent;
  }
  /** Resolves when all that was written so far is through. */
  async #settled(): Promise<void> {
    this.commit();
    await Promise.all(this.#sent.map(({ through }) => through));
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** All so far belongs to the generation that ends here; returns its number. */
  snapshot(): number {
    const ended = this.generation;
    this.commit();
    this.generation = ended + 1;
    this.#undone = 0;
    this.#hand([{ key: metaKey, before: 'absent', value: numberBytes(this.generation) }]);
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
  /** The keys of the range go: at once where `isUnnamed`, for no snapshot names them, else when none is gone back to that
   *  does. None of them is written again. */
  drop(range: KeyRange, isUnnamed: boolean): void {
    const [from, to] = range;
    for (const [name, { key }] of this.#waiting)
      if (Buffer.compare(key, from) >= 0 && Buffer.compare(key, to) < 0) this.#waiting.delete(name);
    this.#dropped.push({ range, since: isUnnamed ? -1 : this.generation, behind: [...this.#sent] });
  }
  /** Removes some of what is no longer gone back to. */
  tidy(): void {
    this.#tidyUndone();
    this.#tidyDropped();
  }
  #tidyDropped(): void {
    const dropped = this.#dropped.find(({ since }) => since <= this.#forgettable);
    if (dropped === undefined || dropped.behind.some((sent) => this.#sent.includes(sent))) return;
    const [from, to] = dropped.range;
    const keys = this.#map.keys(from, to, stepEntries);
    if (keys.length > 0)
      dropped.behind = this.#hand(keys.map((key) => ({ key, before: 'absent', value: undefined })));
    if (keys.length < stepEntries) this.#dropped = this.#dropped.filter((other) => other !== dropped);
  }
  #tidyUndone(): void {
    if (this.#forgotten >= this.#forgettable) return;
    if (this.#sent.length > 0) return;
    const [from, to] = undoUntil(this.#forgettable);
    const entries = this.#map.range(from, to, stepEntries);
    if (entries.length > 0)
      this.#hand(entries.map(({ key }) => ({ key, before: 'absent', value: undefined })));
    if (entries.length < stepEntries) this.#forgotten = this.#forgettable;
  }
  /** Begins anew. */
  clear(): void {
    this.#waiting = new Map();
    this.#dropped = [];
    this.#map.clear();
  }
  async flush(): Promise<void> {
    await this.#settled();
    await this.#map.flush();
  }
  close(): Promise<void> {
    return this.#map.close();
  }
}

function writeAll(to: DiskMapWriter, writes: readonly Waiting[]): void {
  for (const { key, value } of writes) {
    if (value === undefined) to.remove(key);
    else to.put(key, value);
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
  *entries(within: KeyRange): Iterable<DiskMapEntry> {
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

function* entriesOf(map: DiskMap, [from, to]: KeyRange): Iterable<DiskMapEntry> {
  for (let at = from; ; ) {
    const entries = map.range(at, to, stepEntries);
    yield* entries;
    if (entries.length < stepEntries) return;
    at = behind(entries[entries.length - 1]!.key);
  }
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
const numberBytes = (n: number): Uint8Array => writeGeneration(new Uint8Array(generationBytes), n);
function writeGeneration(to: Uint8Array, generation: number): Uint8Array {
  for (let i = 0; i < generationBytes; i++) to[i] = generation >> (8 * i);
  return to;
}

/** A key and what it held: its length, the key, 0 for nothing or 1 and the value. */
function undoOf(
  key: Uint8Array,
  old: Uint8Array | undefined,
  room: (length: number) => Uint8Array,
): Uint8Array {
  const bytes = room(3 + key.length + (old?.length ?? 0));
  bytes[0] = key.length;
  bytes[1] = key.length >> 8;
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
