/* Reads the bytes of a VARIANT: what it is, what stands in it, its JSON text. See layout.ts. */

import { assert, quoteJson } from '#base';
import { basic, scalar, searchMin } from './layout.ts';

/** What a value is, as JSON names it. */
export type VariantKind = 'null' | 'boolean' | 'number' | 'string' | 'object' | 'array';

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

function unsigned(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = width - 1; i >= 0; i--) value = value * 256 + bytes[at + i]!;
  return value;
}
function signed(bytes: Uint8Array, at: number, width: number): bigint {
  let value = 0n;
  for (let i = width - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i]!);
  return BigInt.asIntN(8 * width, value);
}

/** Names of members, by number. */
interface Names {
  readonly width: number;
  readonly count: number;
  /** Where the bytes of the names begin. */
  readonly start: number;
  /** Where the value begins. */
  readonly end: number;
}
function namesOf(bytes: Uint8Array): Names {
  const width = ((bytes[0]! >> 6) & 3) + 1;
  const count = unsigned(bytes, 1, width);
  const start = 1 + width * (count + 2);
  return { width, count, start, end: start + unsigned(bytes, 1 + width * (count + 1), width) };
}
function nameAt(bytes: Uint8Array, { width, start }: Names, id: number): string {
  const at = 1 + width * (id + 1);
  return utf8.decode(
    bytes.subarray(start + unsigned(bytes, at, width), start + unsigned(bytes, at + width, width)),
  );
}

/** An object or array: how many members, and where what is known of them lies. */
interface Members {
  readonly count: number;
  readonly ids: number;
  readonly idWidth: number;
  readonly offsets: number;
  readonly width: number;
  readonly content: number;
}
function membersAt(bytes: Uint8Array, at: number): Members {
  const header = bytes[at]! >> 2;
  const isObject = (bytes[at]! & 3) === basic.object;
  const width = (header & 3) + 1;
  const idWidth = isObject ? ((header >> 2) & 3) + 1 : 0;
  const countWidth = (header & (isObject ? 16 : 4)) === 0 ? 1 : 4;
  const count = unsigned(bytes, at + 1, countWidth);
  const ids = at + 1 + countWidth;
  const offsets = ids + count * idWidth;
  return { count, ids, idWidth, offsets, width, content: offsets + (count + 1) * width };
}
const memberAt = (bytes: Uint8Array, { offsets, width, content }: Members, i: number): number =>
  content + unsigned(bytes, offsets + i * width, width);

/** How many bytes the value at `at` has. */
function sizeAt(bytes: Uint8Array, at: number): number {
  const header = bytes[at]! >> 2;
  switch (bytes[at]! & 3) {
    case basic.shortText:
      return 1 + header;
    case basic.scalar:
      return header === scalar.text ? 5 + unsigned(bytes, at + 1, 4) : 1 + scalarWidths[header]!;
    default: {
      const members = membersAt(bytes, at);
      return memberAt(bytes, members, members.count) - at;
    }
  }
}
/** Bytes behind the header, by kind of scalar; a decimal has its scale in front. */
const scalarWidths: Readonly<Record<number, number>> = {
  [scalar.null]: 0,
  [scalar.true]: 0,
  [scalar.false]: 0,
  [scalar.int8]: 1,
  [scalar.int16]: 2,
  [scalar.int32]: 4,
  [scalar.int64]: 8,
  [scalar.double]: 8,
  [scalar.decimal4]: 5,
  [scalar.decimal8]: 9,
  [scalar.decimal16]: 17,
};

/** The value at `at` by itself, with all names. */
function takenOut(bytes: Uint8Array, { end }: Names, at: number): Uint8Array {
  const size = sizeAt(bytes, at);
  const taken = new Uint8Array(end + size);
  taken.set(bytes.subarray(0, end));
  taken.set(bytes.subarray(at, at + size), end);
  return taken;
}

export function variantKind(bytes: Uint8Array): VariantKind {
  const at = namesOf(bytes).end;
  switch (bytes[at]! & 3) {
    case basic.shortText:
      return 'string';
    case basic.object:
      return 'object';
    case basic.array:
      return 'array';
    default: {
      const kind = bytes[at]! >> 2;
      if (kind === scalar.null) return 'null';
      if (kind === scalar.text) return 'string';
      return kind <= scalar.false ? 'boolean' : 'number';
    }
  }
}

/** The element of an array, from 1; undefined outside. The value must be an array. */
export function variantElement(bytes: Uint8Array, index: number): Uint8Array | undefined {
  const names = namesOf(bytes);
  const members = membersAt(bytes, names.end);
  if (index < 1 || index > members.count) return undefined;
  return takenOut(bytes, names, memberAt(bytes, members, index - 1));
}

/** The member of an object; undefined without one. The value must be an object. */
export function variantMember(bytes: Uint8Array, name: string): Uint8Array | undefined {
  const names = namesOf(bytes);
  const members = membersAt(bytes, names.end);
  const at = indexOf(name, members.count, (i) => memberName(bytes, names, members, i));
  return at < 0 ? undefined : takenOut(bytes, names, memberAt(bytes, members, at));
}
/** Which of `count` names it is, or -1. Few are compared one by one: the names of broken text may not be in their order. */
function indexOf(name: string, count: number, nameOf: (i: number) => string): number {
  if (count < searchMin) {
    for (let i = 0; i < count; i++) if (nameOf(i) === name) return i;
    return -1;
  }
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nameOf(middle) < name) low = middle + 1;
    else high = middle;
  }
  return low < count && nameOf(low) === name ? low : -1;
}
const memberName = (bytes: Uint8Array, names: Names, { ids, idWidth }: Members, i: number): string =>
  nameAt(bytes, names, unsigned(bytes, ids + i * idWidth, idWidth));

/** The JSON text: no blanks, names in order; decimals plain and without zeros at their end, as Flink has them.
 *  `doubleText`: as Java's Double.toString. */
export function variantText(bytes: Uint8Array, doubleText: (value: number) => string): string {
  const names = namesOf(bytes);
  const textAt = (at: number): string => {
    const header = bytes[at]! >> 2;
    switch (bytes[at]! & 3) {
      case basic.shortText:
        return quoteJson(utf8.decode(bytes.subarray(at + 1, at + 1 + header)), false);
      case basic.scalar:
        return scalarText(bytes, at, header, doubleText);
      default:
    }
    const members = membersAt(bytes, at);
    const isObject = members.idWidth > 0;
    const parts = Array.from({ length: members.count }, (_, i) => {
      const value = textAt(memberAt(bytes, members, i));
      return isObject ? `${quoteJson(memberName(bytes, names, members, i), false)}:${value}` : value;
    });
    return isObject ? `{${parts.join(',')}}` : `[${parts.join(',')}]`;
  };
  return textAt(names.end);
}

function scalarText(
  bytes: Uint8Array,
  at: number,
  kind: number,
  doubleText: (value: number) => string,
): string {
  switch (kind) {
    case scalar.null:
      return 'null';
    case scalar.true:
      return 'true';
    case scalar.false:
      return 'false';
    case scalar.int8:
    case scalar.int16:
    case scalar.int32:
    case scalar.int64:
      return signed(bytes, at + 1, scalarWidths[kind]!).toString();
    case scalar.double:
      return doubleText(new DataView(bytes.buffer, bytes.byteOffset + at + 1, 8).getFloat64(0, true));
    case scalar.decimal4:
    case scalar.decimal8:
    case scalar.decimal16:
      return plainDecimal(signed(bytes, at + 2, scalarWidths[kind]! - 1), bytes[at + 1]!);
    default: {
      assert(kind === scalar.text, 'a kind of variant that JSON can make');
      const length = unsigned(bytes, at + 1, 4);
      return quoteJson(utf8.decode(bytes.subarray(at + 5, at + 5 + length)), false);
    }
  }
}
function plainDecimal(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${unscaled < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
