/* bzip2 and xz against Python's modules, which are libbz2 and liblzma: what they write is read here, what is written here they read,
 * and every cut and many a changed byte is an error and never another answer. */

import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { bunzip2 } from '../src/compression/bzip2-decode.ts';
import { bzip2 } from '../src/compression/bzip2-encode.ts';
import { unxz } from '../src/compression/xz-decode.ts';

const program = fileURLToPath(new URL('./python/compress.py', import.meta.url));
const hasPython = spawnSync('python3', ['-c', 'import bz2, lzma']).status === 0;
const max = 1 << 26;

function throughPython(args: readonly string[], inputs: readonly Uint8Array[]): Buffer[] {
  const input = Buffer.concat(
    inputs.flatMap((data) => {
      const size = Buffer.alloc(4);
      size.writeUInt32LE(data.length);
      return [size, data];
    }),
  );
  const { stdout, stderr, status } = spawnSync('python3', [program, ...args], { input, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(String(stderr));
  const frames: Buffer[] = [];
  for (let at = 0; at < stdout.length; ) {
    const size = stdout.readUInt32LE(at);
    frames.push(stdout.subarray(at + 4, at + 4 + size));
    at += 4 + size;
  }
  return frames;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const rng = new Rng(11);
const random = (size: number, of = 256): Buffer =>
  Buffer.from(Array.from({ length: size }, () => rng.below(of)));
/** Text with much that comes again. */
const words = (size: number): Buffer => {
  const known = Array.from({ length: 200 }, () => random(2 + rng.below(9), 26).map((c) => c + 97));
  const parts: Uint8Array[] = [];
  for (let length = 0; length < size; length += parts.at(-1)!.length + 1)
    parts.push(known[rng.below(known.length)]!, Buffer.of(32));
  return Buffer.concat(parts).subarray(0, size);
};
const samples: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.of(0),
  Buffer.from('aaaa'),
  Buffer.from('a'.repeat(259)),
  Buffer.from('ab'.repeat(1000)),
  Buffer.alloc(300_000),
  random(1),
  random(5000),
  random(3000, 2),
  random(70_000, 5),
  words(200),
  words(150_000),
  Buffer.concat([words(3000), random(70_000), Buffer.alloc(4000, 9), words(90_000)]),
  Buffer.from(Array.from({ length: 4096 }, (_, i) => i & 0xff)),
];

describe.skipIf(!hasPython)('bzip2', () => {
  test.for([1, 5, 9])('what libbz2 writes at level %i is read', (level) => {
    const packed = throughPython(['bzip2', JSON.stringify({ level })], samples);
    for (const [i, plain] of samples.entries()) expect(same(bunzip2(packed[i]!, max), plain)).toBe(true);
  });
  test('what is written libbz2 reads, and so do we', () => {
    const packed = samples.map((plain) => bzip2(plain));
    for (const [i, plain] of throughPython(['-d', 'bzip2', '{}'], packed).entries()) {
      expect(same(plain, samples[i]!)).toBe(true);
      expect(same(bunzip2(packed[i]!, max), plain)).toBe(true);
    }
  });
  test('more than one block, and streams behind each other', () => {
    const large = Buffer.concat([random(700_000), words(600_000)]);
    const packed = bzip2(large);
    expect(same(throughPython(['-d', 'bzip2', '{}'], [packed])[0]!, large)).toBe(true);
    const [one] = throughPython(['bzip2', '{"level":1}'], [large]);
    expect(same(bunzip2(Buffer.concat([one!, packed]), max), Buffer.concat([large, large]))).toBe(true);
  });
});

const filter = (more: object): object => ({ filters: [{ id: 0x21, ...more }] });
const kinds: readonly object[] = [
  { preset: 0 },
  { preset: 6 },
  { preset: 9, check: 10 },
  { check: 0, ...filter({ preset: 1 }) },
  { check: 1, ...filter({ preset: 4, dict_size: 4096 }) },
  filter({ lc: 0, lp: 4, pb: 0 }),
  filter({ lc: 4, lp: 0, pb: 4 }),
  filter({ lc: 1, lp: 2, pb: 3, nice_len: 273, mode: 2, mf: 0x14 }),
];
describe.skipIf(!hasPython)('xz', () => {
  test.for(kinds)('what liblzma writes with %j is read', (how) => {
    const packed = throughPython(['xz', JSON.stringify(how)], samples);
    for (const [i, plain] of samples.entries()) expect(same(unxz(packed[i]!, max), plain)).toBe(true);
  });
  test('streams behind each other, with padding', () => {
    const [a, b] = throughPython(['xz', '{}'], [words(5000), words(9000)]);
    const whole = unxz(Buffer.concat([a!, Buffer.alloc(8), b!, Buffer.alloc(4)]), max);
    expect(same(whole, Buffer.concat([unxz(a!, max), unxz(b!, max)]))).toBe(true);
  });
  test('filters for machine code are refused by name', () => {
    const how = { filters: [{ id: 0x04 }, { id: 0x21 }] };
    const [packed] = throughPython(['xz', JSON.stringify(how)], [words(500)]);
    expect(() => unxz(packed!, max)).toThrow(/through 2 filters, the first with the id 4, and only LZMA2/);
  });
});

describe.skipIf(!hasPython)('damage', () => {
  const plain = words(3000);
  test.for([
    ['bzip2', '{"level":9}', bunzip2],
    ['xz', '{}', unxz],
    ['xz', '{"check":10}', unxz],
  ] as const)('%s %s: every cut, and a change of every byte, is an error', ([codec, how, unpack]) => {
    const [packed] = throughPython([codec, how], [plain]);
    for (let cut = 0; cut < packed!.length; cut++) {
      expect(() => unpack(packed!.subarray(0, cut), max)).toThrow();
      const changed = Buffer.from(packed!);
      changed[cut]! ^= 1 << rng.below(8);
      expect(() => {
        // Bits that fill up the last byte mean nothing.
        if (same(unpack(changed, max), plain) && cut === packed!.length - 1) throw new Error('padding');
      }).toThrow();
    }
  });
  test('what would become more than it may is refused before it is made', () => {
    const [small] = throughPython(['bzip2', '{"level":9}'], [Buffer.alloc(100_000)]);
    expect(() => bunzip2(small!, 50_000)).toThrow('it becomes more than 50000 bytes');
    const [other] = throughPython(['xz', '{}'], [Buffer.alloc(100_000)]);
    expect(() => unxz(other!, 50_000)).toThrow('it becomes more than 50000 bytes');
  });
});
