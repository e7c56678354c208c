/* Makes the bytes of a VARIANT from a tree: see layout.ts. */

import { wellFormed } from '#base';
import {
  basic,
  decimalDigitsMax,
  scalar,
  shortTextMax,
  smallCountMax,
  variantBytesMax,
  version,
  widthOf,
} from './layout.ts';

/** A bigint is an integer of 64 bits, a number a DOUBLE. */
export type VariantNode =
  | null
  | boolean
  | string
  | bigint
  | number
  | VariantDecimal
  | VariantObject
  | readonly VariantNode[];

/** `unscaled` times ten to the power of -`scale`; 38 digits at most, and `scale` from 0 to 38. */
export class VariantDecimal {
  readonly unscaled: bigint;
  readonly scale: number;
  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled;
    this.scale = scale;
  }
}
/** Members as they were written; a name may come twice. Half a character is written as a question mark, and is in its own place
 *  in the order. */
export class VariantObject {
  readonly members: readonly (readonly [name: string, value: VariantNode])[];
  constructor(members: VariantObject['members']) {
    this.members = members;
  }
}

/** Why a tree is no VARIANT. */
export class VariantError extends Error {}

/** The bytes of a tree: metadata, then value. Of a name that comes twice the last value counts where `allowDuplicates`.
 *  Throws VariantError for such a name elsewhere, and for more than 16 MiB. */
export function writeVariant(node: VariantNode, allowDuplicates: boolean): Uint8Array {
  const names: Names = new Map();
  const value = valueBytes(node, names, allowDuplicates);
  const metadata = metadataBytes([...names.keys()]);
  if (value.length > variantBytesMax || metadata.length > variantBytesMax)
    throw new VariantError(`more than ${variantBytesMax} bytes`);
  return joined([metadata, value]);
}

/** Names by number, in the order in which they were first met. */
type Names = Map<string, number>;

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
/** The low bytes of an integer, the least first. */
function integerBytes(value: bigint, width: number): number[] {
  const bytes: number[] = [];
  for (let i = 0; i < width; i++) bytes.push(Number((value >> BigInt(8 * i)) & 0xffn));
  return bytes;
}
/** Unsigned numbers of one width, one after the other. */
function numbers(values: readonly number[], width: number): number[] {
  return values.flatMap((value) => Array.from({ length: width }, (_, i) => (value >>> (8 * i)) & 0xff));
}
const textBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(wellFormed(text)));
const scalarHeader = (kind: number): number => (kind << 2) | basic.scalar;

function metadataBytes(names: readonly string[]): Uint8Array {
  const texts = names.map(textBytes);
  const offsets = offsetsOf(texts);
  const width = widthOf(Math.max(offsets.at(-1)!, names.length));
  const head = [version | ((width - 1) << 6), ...numbers([names.length, ...offsets], width)];
  return joined([Uint8Array.from(head), ...texts]);
}
/** Where each part begins, and where the last one ends. */
function offsetsOf(parts: readonly Uint8Array[]): number[] {
  const offsets = [0];
  for (const part of parts) offsets.push(offsets.at(-1)! + part.length);
  return offsets;
}

function valueBytes(node: VariantNode, names: Names, allowDuplicates: boolean): Uint8Array {
  if (node === null) return Uint8Array.of(scalarHeader(scalar.null));
  switch (typeof node) {
    case 'boolean':
      return Uint8Array.of(scalarHeader(node ? scalar.true : scalar.false));
    case 'string':
      return textValue(textBytes(node));
    case 'bigint':
      return integerValue(node);
    case 'number':
      return joined([
        Uint8Array.of(scalarHeader(scalar.double)),
        new Uint8Array(Float64Array.of(node).buffer),
      ]);
    default:
  }
  if (node instanceof VariantDecimal) return decimalValue(node);
  if (node instanceof VariantObject) return objectValue(node, names, allowDuplicates);
  return arrayValue(node.map((item) => valueBytes(item, names, allowDuplicates)));
}

function textValue(text: Uint8Array): Uint8Array {
  if (text.length <= shortTextMax) return joined([Uint8Array.of((text.length << 2) | basic.shortText), text]);
  return joined([Uint8Array.of(scalarHeader(scalar.text), ...numbers([text.length], 4)), text]);
}

/** The least of four widths that holds it. */
function integerValue(value: bigint): Uint8Array {
  const kinds = [scalar.int8, scalar.int16, scalar.int32, scalar.int64];
  const at = [8, 16, 32, 64].findIndex((bits) => BigInt.asIntN(bits, value) === value);
  return Uint8Array.of(scalarHeader(kinds[at]!), ...integerBytes(value, 1 << at));
}

function decimalValue({ unscaled, scale }: VariantDecimal): Uint8Array {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).length;
  if (digits > decimalDigitsMax || scale > decimalDigitsMax)
    throw new VariantError('a decimal of too many digits');
  const size = Math.max(digits, scale);
  const [kind, width] =
    size <= 9 ? [scalar.decimal4, 4] : size <= 18 ? [scalar.decimal8, 8] : [scalar.decimal16, 16];
  return Uint8Array.of(scalarHeader(kind), scale, ...integerBytes(unscaled, width));
}

function arrayValue(items: readonly Uint8Array[]): Uint8Array {
  const offsets = offsetsOf(items);
  const width = widthOf(offsets.at(-1)!);
  const large = items.length > smallCountMax;
  const header = (Number(large) << 4) | ((width - 1) << 2) | basic.array;
  return collection(header, items.length, [[offsets, width]], items);
}

function objectValue({ members }: VariantObject, names: Names, allowDuplicates: boolean): Uint8Array {
  const last = new Map(members.map(([name], i) => [name, i]));
  if (!allowDuplicates && last.size < members.length) {
    const twice = members.find(([name], i) => last.get(name) !== i)![0];
    throw new VariantError(`the name ${JSON.stringify(twice)} comes twice`);
  }
  // Values that another replaces give their names to the metadata too, as in Flink.
  const values = members.map(([name, value]) => {
    if (!names.has(name)) names.set(name, names.size);
    return valueBytes(value, names, allowDuplicates);
  });
  const kept = members.flatMap(([name], i) => (last.get(name) === i ? [{ name, bytes: values[i]! }] : []));
  const offsets = offsetsOf(kept.map((k) => k.bytes));
  const fields = kept.map(({ name }, i) => ({ name, id: names.get(name)!, offset: offsets[i]! }));
  fields.sort((a, b) => (a.name < b.name ? -1 : 1));
  const idWidth = widthOf(fields.reduce((max, { id }) => Math.max(max, id), 0));
  const width = widthOf(offsets.at(-1)!);
  const large = fields.length > smallCountMax;
  const header = (Number(large) << 6) | ((idWidth - 1) << 4) | ((width - 1) << 2) | basic.object;
  return collection(
    header,
    fields.length,
    [
      [fields.map((f) => f.id), idWidth],
      [[...fields.map((f) => f.offset), offsets.at(-1)!], width],
    ],
    kept.map((k) => k.bytes),
  );
}

function collection(
  header: number,
  count: number,
  lists: readonly (readonly [values: readonly number[], width: number])[],
  content: readonly Uint8Array[],
): Uint8Array {
  const head = [header, ...numbers([count], count > smallCountMax ? 4 : 1)];
  for (const [values, width] of lists) for (const byte of numbers(values, width)) head.push(byte);
  return joined([Uint8Array.from(head), ...content]);
}
