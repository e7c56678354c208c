/* Drift: what of a message does not fit the table that reads it, though the decoder may well read it. */

import type { Field, LogicalType } from '#data';
import { typeText, withNullable } from '#data';

/** 'unknown': the table has no such column. 'missing': the message has nothing for it. 'type': another kind of value than the
 *  column's. */
export type DriftKind = 'unknown' | 'missing' | 'type';
export interface Drift {
  readonly kind: DriftKind;
  /** The field, with those around it: `address.zip`. */
  readonly path: string;
  /** What was found there, in short; empty where it is missing. */
  readonly sample: string;
  /** Of an unknown field: the type of a column for it; absent where what is there does not tell, as null. */
  readonly type?: LogicalType;
  /** No column could be it: it lies within a field, or has no name. */
  readonly noColumn?: boolean;
}
export interface DriftInspector {
  /** Nothing of a message that is no message of its format: that is another matter. */
  inspect(data: Uint8Array, start: number, end: number): readonly Drift[];
}

/** How a schema that messages are written with differs from a table's columns. */
export function schemaDrift(
  written: readonly Field[],
  columns: readonly Field[],
  prefix = '',
): readonly Drift[] {
  const known = new Map(columns.map((f) => [f.name, f.type]));
  const names = new Set(written.map((f) => f.name));
  return [
    ...written.flatMap(({ name, type }): readonly Drift[] => {
      const expected = known.get(name);
      const path = `${prefix}${name}`;
      if (expected === undefined)
        return [
          {
            kind: 'unknown',
            path,
            sample: typeText(type),
            type: withNullable(type, true),
            ...(prefix !== '' && { noColumn: true }),
          },
        ];
      if (expected.kind === 'ROW' && type.kind === 'ROW')
        return schemaDrift(type.fields, expected.fields, `${path}.`);
      return isAlike(expected, type) ? [] : [{ kind: 'type', path, sample: typeText(type) }];
    }),
    ...columns.flatMap(({ name }): readonly Drift[] =>
      names.has(name) ? [] : [{ kind: 'missing', path: `${prefix}${name}`, sample: '' }],
    ),
  ];
}
/** Texts of any length are alike, and times of any precision: which zone they are in is what the table says. */
const isAlike = (a: LogicalType, b: LogicalType): boolean =>
  a.kind === b.kind || [isText, isBytes, isTime].some((is) => is(a) && is(b));
const isText = ({ kind }: LogicalType): boolean => kind === 'CHAR' || kind === 'VARCHAR';
const isBytes = ({ kind }: LogicalType): boolean => kind === 'BINARY' || kind === 'VARBINARY';
const isTime = ({ kind }: LogicalType): boolean => kind === 'TIMESTAMP' || kind === 'TIMESTAMP_LTZ';
