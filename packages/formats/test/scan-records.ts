/* Records for the proof of the scanners, from a seed: valid ones, odd ones, and twenty ways to break them. */

import type { Rng } from '#base';
import { oddCells } from './odd-cells.ts';
import { odd } from './odd-values.ts';

/** Makes one record. */
export type Generator = (rng: Rng) => Buffer;

const words = [
  '',
  'a',
  'plain',
  'it is "quoted"',
  'é',
  '漢字',
  '😀',
  'sixteen bytes ok',
  'x\ty',
  "o'clock",
  'a;b|c',
];
const longWord = 'a text of more than thirty-two bytes, with a comma';
const two = (n: number): string => String(n).padStart(2, '0');

const whole = (rng: Rng): string => String(rng.between(-300, 300) * 10 ** (rng.below(2) * rng.below(12)));
const small = (rng: Rng): string => String(rng.between(-130, 130) * (rng.below(9) === 0 ? 1e7 : 1));
const point = (rng: Rng): string => `${rng.between(-99_999, 99_999)}.${two(rng.below(100))}`;
const date = (rng: Rng): string =>
  `${rng.pick(['2024', '1969', '2000', '1900'])}-${two(rng.between(1, 12))}-${two(rng.between(1, 29))}`;
const time = (rng: Rng): string =>
  `${two(rng.below(24))}:${two(rng.below(60))}:${two(rng.below(60))}${rng.pick(['', '.5', '.123', '.123456789'])}${rng.below(8) === 0 ? 'Z' : ''}`;
const word = (rng: Rng): string => (rng.below(8) === 0 ? longWord : rng.pick(words));

const oddValues = Object.values(odd)
  .flat()
  .filter((v) => v.length < 100);

const jsonValues: Readonly<Record<string, (rng: Rng) => string>> = {
  i: small,
  l: whole,
  d: (rng) => (rng.below(3) === 0 ? `${point(rng)}e${rng.between(-20, 20)}` : point(rng)),
  m: point,
  t: (rng) => JSON.stringify(word(rng)),
  b: (rng) => rng.pick(['true', 'false']),
  ts: (rng) => `"${date(rng)}${rng.below(4) === 0 ? 'T' : ' '}${time(rng)}"`,
  r: (rng) => rng.pick(['{}', '{"x":1}', '{"y":"s"}', '{"x":2,"y":"t"}', '{"y":"t","x":2}', '{"z":[1,{}]}']),
  other: (rng) => rng.pick(['[1,{"a":"b"}]', '{"k":{"x":1}}', '"\\u00e9"', '1e9', 'true']),
};
const jsonKeys = Object.keys(jsonValues);

/** A few members, mostly in one order; sometimes with spaces, nulls, odd values, numbers in quotes. */
export const jsonRecord: Generator = (rng) => {
  const mask = rng.uint32() & rng.uint32();
  const keys = jsonKeys.filter((_, i) => (mask >> i) & 1);
  if (rng.below(6) === 0) keys.reverse();
  const gap = rng.below(6) === 0 ? rng.pick([' ', '\n', '\t\r']) : '';
  const members = keys.map((key) => {
    const how = rng.below(17);
    if (how === 0) return `"${key}":${gap}null`;
    if (how === 1) return `"${key}":${gap}${rng.pick(oddValues)}`;
    if (how === 3) return `"${key}":${gap}${point(rng)}`;
    const value = jsonValues[key]!(rng);
    return `"${key}":${gap}${how === 2 ? `"${value}"` : value}`;
  });
  return Buffer.from(`${gap}{${members.join(`,${gap}`)}${gap}}${gap}`);
};

export const csvValues: readonly ((rng: Rng) => string)[] = [
  small,
  whole,
  (rng) => (rng.below(3) === 0 ? `${point(rng)}e${rng.between(-20, 20)}` : point(rng)),
  point,
  (rng) => word(rng).replaceAll(',', ''),
  (rng) => rng.pick(['true', 'false', 'TRUE', ' no ']),
  (rng) => `${date(rng)} ${time(rng)}`,
  date,
  word,
];

/** The same for types that are less common. */
export const otherCsvValues: typeof csvValues = [
  small,
  small,
  point,
  point,
  (rng) => word(rng).replaceAll(',', ''),
  word,
  (rng) => `${date(rng)} ${time(rng).replace('Z', '')}Z`,
  (rng) => time(rng).replace('Z', ''),
  word,
];

/** As many cells as there are, as a rule; sometimes in quotes, with spaces, odd ones. */
export const csvRecord =
  (delimiter: string, quote: string, values = csvValues): Generator =>
  (rng) => {
    const count = rng.below(12) === 0 ? rng.below(values.length + 3) : values.length;
    const quoted = rng.below(4) === 0;
    const cells = Array.from({ length: count }, (_, i) => {
      const how = rng.below(60);
      if (how === 0) return rng.pick(oddCells);
      if (how === 1) return '';
      const value = values[i % values.length]!(rng);
      if (how === 2) return ` ${value} `;
      return quoted || how === 3 ? quote + value.replaceAll(quote, quote + quote) + quote : value;
    });
    return Buffer.from(cells.join(delimiter));
  };

type Break = (bytes: Buffer, at: number, rng: Rng) => Buffer;

const insert =
  (...choices: readonly string[]): Break =>
  (bytes, at, rng) =>
    Buffer.concat([bytes.subarray(0, at), Buffer.from(rng.pick(choices), 'latin1'), bytes.subarray(at)]);
const replace =
  (by: (byte: number, rng: Rng) => number): Break =>
  (bytes, at, rng) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[at % copy.length] = by(copy[at % copy.length]!, rng);
    return copy;
  };

/** Ways to break a record at a place of it. */
export const breaks: Readonly<Record<string, Break>> = {
  'cut off': (bytes, at) => bytes.subarray(0, at),
  'cut in front': (bytes, at) => bytes.subarray(at),
  'a byte less': (bytes, at) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]),
  'a stretch less': (bytes, at, rng) =>
    Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + rng.below(20))]),
  'a stretch twice': (bytes, at, rng) =>
    Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - rng.below(12)))]),
  'any byte': replace((_, rng) => rng.below(256)),
  'a bit': replace((byte, rng) => byte ^ (1 << rng.below(8))),
  'the other case': replace((byte) => byte ^ 32),
  'a byte beyond ASCII': insert(
    '\x80',
    '\xff',
    '\xc3',
    '\xe2\x82',
    '\xf0\x9f\x98',
    '\xed\xa0\x80',
    '\xc3\xa9',
  ),
  'a quote': insert('"', "'", '""'),
  'a backslash': insert('\\', '\\\\', '\\u12', '\\u00e9', '\\n'),
  'a delimiter': insert(',', ',,', ';', '\t', '|'),
  'a bracket': insert('{', '}', '[', ']', '{}', '}{'),
  'a colon': insert(':', '::'),
  'a line end': insert('\n', '\r', '\r\n'),
  'white space': insert(' ', '  ', '\t', '\v', '\xa0'),
  'a digit': insert('0', '9', '00', '123456789', '99999999999999999999'),
  'a sign': insert('-', '+', '.', 'e', 'E+', '--'),
  'a control character': insert('\0', '\x01', '\x1f', '\x7f'),
  'something behind': (bytes, _, rng) =>
    Buffer.concat([bytes, Buffer.from(rng.pick([' ', ',', '}', 'x', '\n', '#', '\ufeff', '{}']))]),
  'something in front': (bytes, _, rng) =>
    Buffer.concat([Buffer.from(rng.pick([' ', '#', '\ufeff', ',', '{', '[', '"', '\n'])), bytes]),
};
const ways = Object.values(breaks);

/** `count` records: half as they are, most others broken once or twice, the rest all the cuts of a record. */
export function recordsFrom(make: Generator, count: number, rng: Rng): Buffer[] {
  const records: Buffer[] = [];
  while (records.length < count) {
    const record = make(rng);
    const how = rng.below(100);
    if (how < 50) records.push(record);
    else if (how === 99) for (let cut = 0; cut < record.length; cut++) records.push(record.subarray(0, cut));
    else {
      let broken = record;
      for (let n = rng.below(2); n >= 0; n--)
        broken = rng.pick(ways)(broken, rng.below(broken.length + 1), rng);
      records.push(broken);
    }
  }
  return records.slice(0, count);
}
