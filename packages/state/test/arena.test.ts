/* Byte strings by slot: what each slot holds whatever comes and goes, and what a snapshot was promised. */

import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { viewOf } from '#data';
import { BytesReader, BytesWriter } from '../src/bytes.ts';
import { Arena } from '../src/columns/arena.ts';

const slots = 20;
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** An arena, what its slots hold, and what was promised to the snapshots so far. */
class Course {
  readonly arena = new Arena();
  readonly held = Array.from({ length: slots }, () => '');
  readonly #rng: Rng;
  #promised: { readonly read: () => Uint8Array; readonly at: number; readonly text: string }[] = [];

  constructor(seed: number) {
    this.#rng = new Rng(seed);
    this.arena.ensure(slots);
  }
  put(): void {
    const slot = this.#rng.below(slots);
    const text = String.fromCharCode(97 + this.#rng.below(26)).repeat(this.#rng.below(40));
    const bytes = Buffer.from(`..${text}`);
    this.arena.put(slot, bytes, 2, text.length);
    this.held[slot] = text;
  }
  clear(): void {
    const slot = this.#rng.below(slots);
    this.arena.clear(slot);
    this.held[slot] = '';
  }
  /** A snapshot begins: only the last one is read on. */
  snapshot(): void {
    let read = (): Uint8Array => new Uint8Array(0);
    const writer = new BytesWriter();
    writer.kept = (from) => {
      read = from;
    };
    this.arena.write(writer, slots);
    this.#promised = this.held.flatMap((text, slot) =>
      text === '' ? [] : [{ read, at: this.arena.starts[slot]!, text }],
    );
  }
  step(): void {
    const what = this.#rng.below(20);
    if (what === 0) this.snapshot();
    else if (what === 1) this.arena.compact();
    else if (what < 6) this.clear();
    else this.put();
  }
  check(): void {
    const { arena } = this;
    for (const [slot, text] of this.held.entries()) {
      expect(textOf(arena.slice(slot))).toBe(text);
      if (text !== '') expect(arena.equals(slot, viewOf(Buffer.from(text)), 0, text.length)).toBe(true);
    }
    for (const { read, at, text } of this.#promised)
      expect(textOf(read().subarray(at, at + text.length))).toBe(text);
  }
}

test('slots hold what was put last, and snapshots what they were promised', () => {
  for (let seed = 0; seed < 60; seed++) {
    const course = new Course(seed);
    for (let i = 0; i < 300; i++) {
      course.step();
      if (i % 5 === 0) course.check();
    }
  }
});

test('what was written comes back, and slots without a string have no room', () => {
  for (let seed = 0; seed < 20; seed++) {
    const course = new Course(seed);
    for (let i = 0; i < 100; i++) course.step();
    const writer = new BytesWriter();
    course.arena.write(writer, slots);
    const read = new Arena();
    read.read(new BytesReader(writer.written));
    for (const [slot, text] of course.held.entries()) expect(textOf(read.slice(slot))).toBe(text);
    // What comes next to either meets nothing of the other.
    read.put(3, Buffer.from('new'), 0, 3);
    expect(textOf(read.slice(3))).toBe('new');
  }
});

describe('a string that fits where its slot had one', () => {
  const filled = (): Arena => {
    const arena = new Arena();
    arena.ensure(2);
    arena.put(0, Buffer.from('0123456789'), 0, 10);
    return arena;
  };
  test('takes its place, after a removal too', () => {
    const arena = filled();
    arena.put(0, Buffer.from('abc'), 0, 3);
    expect(arena.starts[0]).toBe(0);
    arena.clear(0);
    arena.put(0, Buffer.from('xyz'), 0, 3);
    expect([arena.starts[0], textOf(arena.slice(0))]).toEqual([0, 'xyz']);
    arena.put(0, Buffer.from('wxyz'), 0, 4);
    expect([arena.starts[0], textOf(arena.slice(0))]).toEqual([10, 'wxyz']);
  });
  test('goes elsewhere once a snapshot names it', () => {
    const arena = filled();
    arena.write(new BytesWriter(), 2);
    arena.put(0, Buffer.from('abc'), 0, 3);
    expect(arena.starts[0]).toBe(10);
  });
});

test('more than positions can name is refused, and what is replaced makes room', () => {
  const arena = new Arena(1000);
  arena.ensure(10);
  const put = (slot: number): void => arena.put(slot, Buffer.alloc(100, 65 + slot), 0, 100);
  for (let slot = 0; slot < 10; slot++) put(slot);
  arena.write(new BytesWriter(), 10);
  // The bytes before are the snapshot's: only a compaction makes room.
  arena.clear(0);
  put(1);
  expect(textOf(arena.slice(1))).toBe('B'.repeat(100));
  put(0);
  arena.ensure(11);
  expect(() => put(10)).toThrow(expect.objectContaining({ code: 'JOB1002' }));
  expect(textOf(arena.slice(9))).toBe('J'.repeat(100));
});
