/* Framing in blocks against framing record by record: for every input, and for every cut of it. */

import { describe, expect, test } from 'vitest';
import { Rng } from '#base';
import { findFormat } from '#formats';
import { optionsOf, type Set } from './samples.ts';
import { memory } from './scan-harness.ts';

const recordsMax = 64;
const guardBytes = 256;
const window = memory.allocate(1 << 12)!;
const lists = memory.allocate((recordsMax + 1) * 8 + guardBytes)!;
const words = new Int32Array(memory.memory.buffer, lists.address, lists.bytes / 4);
const positions = {
  starts: words.subarray(0, recordsMax + 1),
  ends: words.subarray(recordsMax + 1, 2 * recordsMax + 2),
  startsAddress: lists.address,
  endsAddress: lists.address + (recordsMax + 1) * 4,
};
const untouched = 0x5a5a5a5a;

interface Framed {
  readonly records: (readonly [start: number, end: number])[];
  readonly next: number;
}

function oneByOne(format: string, set: Set, data: Uint8Array, final: boolean): Framed {
  const framing = findFormat(format).framing!(optionsOf(format, set));
  const records: [number, number][] = [];
  let start = 0;
  while (
    start < data.length &&
    records.length < recordsMax &&
    framing.find(data, start, data.length, final)
  ) {
    records.push([start, framing.recordEnd]);
    start = framing.nextStart;
  }
  return { records, next: start };
}

/** Bytes behind the data are such as would end or open something. */
const around = Buffer.from('\n",\r\n"#\\');

function inBlocks(format: string, set: Set) {
  const framing = findFormat(format).blockFraming!(memory, optionsOf(format, set))!;
  return (data: Uint8Array, final: boolean, max = recordsMax): Framed => {
    const { address } = window;
    memory.bytes.set(data, address);
    memory.bytes.set(around, address + data.length);
    words.fill(untouched);
    const bytes = { start: address, end: address + data.length, final };
    const count = framing.find(positions, 0, bytes, max);
    const { starts, ends } = positions;
    if (starts.subarray(count + 1).some((w) => w !== untouched)) throw new Error('a start too many');
    if (ends.subarray(count).some((w) => w !== untouched)) throw new Error('an end too many');
    if (words.subarray(2 * recordsMax + 2).some((w) => w !== untouched)) throw new Error('behind the lists');
    const records = Array.from(
      { length: count },
      (_, i) => [starts[i]! - address, ends[i]! - address] as const,
    );
    return { records, next: starts[count]! - address };
  };
}

const forms: Record<string, readonly [format: string, set: Set, pieces: readonly string[]]> = {
  lines: ['json', {}, ['\n', '\r', '\r\n', '{"a":1}', 'x', '"', 'a line of more than sixteen bytes']],
  csv: [
    'csv',
    {},
    ['\n', '\r', '\r\n', ',', '"', '""', 'a', '\\', 'text of more than sixteen bytes', '"b\n"'],
  ],
  'csv with escapes': [
    'csv',
    { 'escape-character': '\\' },
    ['\n', '\r\n', ',', '"', '\\', '\\"', '\\,', '\\\n', 'a', 'text of more than sixteen'],
  ],
  'csv with comments': [
    'csv',
    { 'allow-comments': 'true', 'escape-character': '\\' },
    ['\n', '\r', '\r\n', ',', '"', '#', ' ', '# note, "\n', '\\', 'a'],
  ],
  'csv without quotes': [
    'csv',
    { 'disable-quote-character': 'true', 'field-delimiter': '\\t' },
    ['\n', '\r\n', '\t', '"', 'a', 'text of more than sixteen bytes'],
  ],
};

describe('a block frames as records do one by one', () => {
  for (const [name, [format, set, pieces]] of Object.entries(forms)) {
    test(`${name}, at every cut`, () => {
      const find = inBlocks(format, set);
      const rng = new Rng(5);
      for (let round = 0; round < 400; round++) {
        const text = Array.from({ length: rng.below(40) }, () => rng.pick(pieces)).join('');
        const data = Buffer.from(text);
        for (let cut = 0; cut <= data.length; cut++) {
          const part = data.subarray(0, cut);
          for (const final of [false, true]) {
            const expected = oneByOne(format, set, part, final);
            const found = find(part, final);
            if (JSON.stringify(found) !== JSON.stringify(expected))
              expect({ part: part.toString(), final, ...found }).toEqual({
                part: part.toString(),
                final,
                ...expected,
              });
          }
        }
      }
    });
  }
});

test('a block stops at as many records as were asked for', () => {
  const find = inBlocks('csv', {});
  const data = Buffer.from('a\n"b\n"\nc\nd');
  expect(find(data, true, 2)).toEqual({
    records: [
      [0, 1],
      [2, 6],
    ],
    next: 7,
  });
  expect(find(data, true, 0)).toEqual({ records: [], next: 0 });
  expect(inBlocks('json', {})(data, true, 3)).toEqual({
    records: [
      [0, 1],
      [2, 4],
      [5, 6],
    ],
    next: 7,
  });
});

test('line feeds are counted', () => {
  const framing = findFormat('json').blockFraming!(memory, optionsOf('json'))!;
  const text = Buffer.from('a\n\n\r\nbcd\n'.repeat(9));
  memory.bytes.set(text, window.address);
  for (let from = 0; from <= text.length; from++) {
    const expected = text.subarray(from).filter((b) => b === 10).length;
    expect(framing.lines(window.address + from, window.address + text.length)).toBe(expected);
  }
});
