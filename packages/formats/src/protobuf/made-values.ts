/* Messages that stand for one value of SQL, as Confluent's converters have them: google.type.Date, google.type.TimeOfDay and
 * confluent.type.Decimal. One that is empty is 1970-01-01, midnight, and 0. */

import type { ByteWriter } from '#base';
import type { Field, LogicalType, Value } from '#data';
import { notNull, types } from '#data';
import { bigEndian, bigEndianBytes } from '../binary-numbers.ts';
import type { MessageType } from './message-type.ts';
import { integers, varint32, bytes } from './write-values.ts';

export type MadeKind = 'date' | 'time' | 'decimal';

const INT = notNull(types.INT);
/** By the message's name: what it is, and its fields in the order of their numbers. */
const messages: Readonly<Record<string, { readonly kind: MadeKind; readonly fields: readonly Field[] }>> = {
  'google.type.Date': {
    kind: 'date',
    fields: ['year', 'month', 'day'].map((name) => ({ name, type: INT })),
  },
  'google.type.TimeOfDay': {
    kind: 'time',
    fields: ['hours', 'minutes', 'seconds', 'nanos'].map((name) => ({ name, type: INT })),
  },
  'confluent.type.Decimal': {
    kind: 'decimal',
    fields: [
      { name: 'value', type: notNull(types.BYTES) },
      { name: 'scale', type: INT },
    ],
  },
};
const sqlKinds = { date: 'DATE', time: 'TIME', decimal: 'DECIMAL' } as const;

export const madeKind = ({ fullName }: MessageType): MadeKind | undefined => messages[fullName]?.kind;
/** The fields to be read for a column of this type; undefined where the message is none. */
export function madeFields(message: MessageType, type: LogicalType): readonly Field[] | undefined {
  const known = messages[message.fullName];
  return known !== undefined && sqlKinds[known.kind] === type.kind ? known.fields : undefined;
}

const dayMs = 86_400_000;

/** The value of a message whose fields these are; a text that says why there is none. */
export function madeValue(
  kind: MadeKind,
  cells: readonly Value[],
  type: LogicalType,
): { readonly value: Value } | { readonly why: string } {
  if (kind === 'decimal') return decimalValue(cells[0] as Uint8Array, cells[1] as number, type);
  const [a = 0, b = 0, c = 0, nanos = 0] = cells as readonly number[];
  if (kind === 'date') return a === 0 && b === 0 && c === 0 ? { value: 0 } : dateValue(a, b, c);
  const isTime = a >= 0 && a < 24 && b >= 0 && b < 60 && c >= 0 && c < 60 && nanos >= 0 && nanos < 1e9;
  if (!isTime) return { why: `${a}:${b}:${c} and ${nanos} ns are no time of a day` };
  const ms = ((a * 60 + b) * 60 + c) * 1000 + Math.floor(nanos / 1e6);
  const per = type.kind === 'TIME' ? 10 ** Math.max(0, 3 - type.precision) : 1;
  return { value: ms - (ms % per) };
}
function dateValue(year: number, month: number, day: number): { value: number } | { why: string } {
  const at = new Date(0);
  at.setUTCFullYear(year, month - 1, day);
  const isDate = year >= 1 && year <= 9999 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isDate
    ? { value: at.getTime() / dayMs }
    : { why: `year ${year}, month ${month}, day ${day} is no date` };
}
function decimalValue(
  unscaled: Uint8Array,
  found: number,
  type: LogicalType,
): { value: bigint } | { why: string } {
  if (type.kind !== 'DECIMAL') return { why: 'it is no decimal' };
  const number = bigEndian(unscaled);
  const { precision, scale } = type;
  if (Math.abs(found) > 1000) return { why: `a scale of ${found}` };
  const more = 10n ** BigInt(Math.max(0, scale - found));
  const less = 10n ** BigInt(Math.max(0, found - scale));
  const value = (number * more) / less;
  const limit = 10n ** BigInt(precision);
  if (value * less !== number * more || value >= limit || value <= -limit)
    return { why: `${number} with ${found} digits behind the point is no DECIMAL(${precision}, ${scale})` };
  return { value };
}

/** Fields of a message, without its length. */
export function writeMade(kind: MadeKind, to: ByteWriter, value: number | bigint, scale: number): void {
  const put = (number: number, of: number): void => {
    if (of === 0) return;
    to.byte(number << 3);
    integers.int32(to, BigInt(of));
  };
  if (kind === 'decimal') {
    const unscaled = BigInt(value);
    if (unscaled !== 0n) {
      const data = bigEndianBytes(unscaled);
      to.byte((1 << 3) | 2);
      bytes(to, data, 0, data.length);
    }
    to.byte(2 << 3);
    varint32(to, (unscaled < 0n ? -unscaled : unscaled).toString().length);
    return put(3, scale);
  }
  const number = Number(value);
  if (kind === 'date') {
    const at = new Date(number * dayMs);
    put(1, at.getUTCFullYear());
    put(2, at.getUTCMonth() + 1);
    return put(3, at.getUTCDate());
  }
  put(1, Math.floor(number / 3_600_000));
  put(2, Math.floor(number / 60_000) % 60);
  put(3, Math.floor(number / 1000) % 60);
  put(4, (number % 1000) * 1_000_000);
}
