/* A value in the form in which the judges in Python write theirs. */

import type { Instant, LogicalType, MapValue, Row, Value } from '#data';

export type Judged =
  | null
  | boolean
  | string
  | { readonly n: string }
  | { readonly f: string }
  | { readonly b: string }
  | { readonly us: string }
  | { readonly o: readonly (readonly [string, Judged])[] }
  | readonly Judged[];

const doubleHex = (value: number): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString('hex');
};

export function judged(value: Value, type: LogicalType): Judged {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  switch (type.kind) {
    case 'FLOAT':
    case 'DOUBLE':
      return { f: doubleHex(value as number) };
    case 'BINARY':
    case 'VARBINARY':
      return { b: Buffer.from(value as Uint8Array).toString('hex') };
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      const { ms, ns } = value as Instant;
      return { us: String(BigInt(ms) * 1000n + BigInt(Math.floor(ns / 1000))) };
    }
    case 'ARRAY':
      return (value as Row).map((item) => judged(item, type.element));
    case 'MAP':
      return { o: (value as MapValue).entries.map(([k, v]) => [String(k), judged(v, type.value)]) };
    case 'ROW':
      return { o: type.fields.map((f, i) => [f.name, judged((value as Row)[i]!, f.type)]) };
    default:
      return { n: String(value) };
  }
}
