/* An image is what a snapshot taken at once would have been, whatever happens to the state before its pages are copied. */

import { afterAll, expect, test } from 'vitest';
import { Rng } from '#base';
import { columnBuilder, hashRows, types, type Column } from '#data';
import {
  blockInOutput,
  BytesReader,
  bytesOf,
  BytesWriter,
  Chunks,
  ImageWriter,
  MemoryStore,
  setStateGrain,
  type BlockOutput,
  type ImageLayout,
  type KeyedTable,
  type StateColumn,
  type StatePart,
} from '#state';

// Many blocks, though the state is small.
setStateGrain({ pageBits: 4, blockBytes: 128, streamBytes: 0 });
afterAll(() => {
  setStateGrain();
});

interface Subject {
  readonly store: MemoryStore;
  readonly keys: KeyedTable;
  readonly slices: ReturnType<typeof declareSlices>;
}
const declareSlices = (store: MemoryStore) =>
  store.slices('windows', (scope) => scope.keyed({ name: 'keys', key: [types.INT], cells: { n: 'f64' } }));
/** With a TTL every look at a key writes it; without, its operator says so alone. */
function subject(ttl = true): Subject {
  const store = new MemoryStore();
  const keys = store.keyed({
    name: 'keys',
    key: [types.STRING],
    row: [types.STRING, types.timestamp(6)],
    cells: { n: 'f64', u: 'u8', big: types.BIGINT },
    ttl: ttl ? { ms: 1_000_000, renewedBy: 'read-write' } : undefined,
  });
  const owned = store.owned(keys, { name: 'rows', row: [types.INT] });
  expect(owned.size).toBe(0);
  return { store, keys, slices: declareSlices(store) };
}
const column = (type: Parameters<typeof columnBuilder>[0], values: readonly never[]): Column => {
  const builder = columnBuilder(type);
  for (const value of values) builder.append(value);
  return builder.build();
};

class Changes {
  readonly #rng: Rng;
  readonly #of: Subject;
  #now = 0;
  readonly #slots = new Int32Array(4096);
  readonly #created = new Uint8Array(4096);
  readonly #hashes = new Int32Array(4096);

  constructor(of: Subject, rng: Rng) {
    this.#of = of;
    this.#rng = rng;
  }
  /** Some keys, known ones among them, are written: cells, rows, wide numbers, texts of any length. */
  write(below: number): void {
    const rng = this.#rng;
    const { keys, store } = this.#of;
    store.beginRun(++this.#now);
    const count = 1 + rng.below(200);
    const names = Array.from({ length: count }, () => `key ${rng.below(below)}`);
    const columns = [column(types.STRING, names as never)];
    hashRows(columns, 0, count, this.#hashes);
    keys.upsert(columns, this.#hashes, 0, count, this.#slots, this.#created);
    keys.write(this.#slots, count);
    const [text, time] = keys.row as readonly [StateColumn, StateColumn];
    for (let i = 0; i < count; i++) {
      const slot = this.#slots[i]!;
      keys.f64('n').values[slot] = rng.below(1000);
      keys.u8('u').values[slot] = rng.below(200);
      keys.values('big').setValue(slot, rng.below(3) === 0 ? 1n << 62n : BigInt(rng.below(100)));
      text.setValue(slot, rng.below(5) === 0 ? null : 'x'.repeat(rng.below(90)));
      time.setValue(slot, { ms: rng.below(1e9), ns: rng.below(2) * 1000 });
    }
    store.endRun(count);
  }
  find(): void {
    const { keys, store } = this.#of;
    store.beginRun(++this.#now);
    keys.findRow([column(types.STRING, [`key ${this.#rng.below(500)}`] as never)], 0);
    store.endRun(1);
  }
  remove(): void {
    const { keys } = this.#of;
    for (let n = this.#rng.below(300); n > 0; n--) {
      const slot = this.#rng.below(Math.max(1, keys.extent));
      if (keys.extent > 0 && keys.isLive(slot)) keys.remove(slot);
    }
  }
  slice(): void {
    const { slices } = this.#of;
    const end = this.#rng.below(6) * 1000;
    if (this.#rng.below(3) === 0) return slices.drop(end);
    const table = slices.at(end);
    for (let n = 0; n < 40; n++) {
      const slot = table.upsertRow([column(types.INT, [this.#rng.below(2000)] as never)], 0);
      table.writeOne(slot);
      table.f64('n').values[slot] = this.#rng.below(50);
    }
  }
  any(): void {
    const what = this.#rng.below(20);
    if (what < 14) this.write(2500);
    else if (what < 15) this.remove();
    else if (what < 16) this.find();
    else if (what < 19) this.slice();
    else this.#of.keys.clear();
  }
}

/** Takes a few blocks at a time, and uses their memory again. */
class NarrowOutput implements BlockOutput {
  readonly id = 7;
  hasRoom = true;
  readonly #rng: Rng;
  readonly #blocks: Uint8Array[] = [];

  constructor(rng: Rng) {
    this.#rng = rng;
  }
  room(bytes: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(bytes).fill(201);
  }
  put(block: Uint8Array<ArrayBuffer>): number {
    this.hasRoom = this.#rng.below(3) > 0;
    this.#blocks.push(block.slice());
    block.fill(202);
    return this.#blocks.length - 1;
  }
  /** The part with what came here. */
  inMemory(part: StatePart): StatePart {
    expect(part.output).toBe(this.id);
    const own = new Chunks(part.chunks);
    const chunks: Uint8Array[] = [];
    const blocks = part.blocks.slice();
    for (let b = 0; b < blocks.length; b += 2) {
      const from = blocks[b + 1]!;
      if (from >= 0) continue;
      blocks[b + 1] = -1;
      if (from === -1) chunks.push(...own.next(blocks[b]!));
      else chunks.push(this.#blocks[blockInOutput(from)]!);
    }
    return { length: part.length, blocks, chunks };
  }
}

test('changes behind the barrier do not get into it', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const rng = new Rng(seed);
    const of = subject(seed % 2 === 0);
    const changes = new Changes(of, rng);
    for (let n = rng.below(60); n > 0; n--) changes.any();
    let layout: ImageLayout | undefined;
    let before: Uint8Array | undefined;
    // More than one, for the next refers to the one before.
    for (let image = 0; image < 3; image++) {
      const at = new BytesWriter();
      of.store.snapshot(at);
      const expected = at.finish();
      const writer = new ImageWriter(rng.below(1000) + 64, layout);
      of.store.snapshot(writer);
      const output = image === 1 ? undefined : new NarrowOutput(rng);
      const taken = writer.image(output);
      for (let n = rng.below(40); n > 0; n--) {
        changes.any();
        let looks = 0;
        if (rng.below(20) === 0) taken.advance(() => ++looks > 1);
      }
      while (taken.advance(() => false) === 'waits') output!.hasRoom = true;
      const bytes = bytesOf(output?.inMemory(taken.part) ?? taken.part, before);
      expect(Buffer.compare(bytes, expected), `seed ${seed}`).toBe(0);
      ({ layout } = writer);
      before = bytes;
      const back = subject(seed % 2 === 0);
      back.store.restore(new BytesReader(bytes));
      const again = new BytesWriter();
      back.store.snapshot(again);
      expect(again.finish().length).toBe(expected.length);
    }
  }
});

test('an image that nobody wants any more is in no later one’s way', () => {
  const of = subject();
  const changes = new Changes(of, new Rng(7));
  for (let n = 0; n < 20; n++) changes.write(2500);
  const abandoned = new ImageWriter();
  of.store.snapshot(abandoned);
  abandoned.image();
  changes.write(2500);
  const at = new BytesWriter();
  of.store.snapshot(at);
  const writer = new ImageWriter();
  of.store.snapshot(writer);
  const image = writer.image();
  changes.write(2500);
  changes.remove();
  image.advance(() => false);
  expect(Buffer.compare(bytesOf(image.part), at.finish())).toBe(0);
});
