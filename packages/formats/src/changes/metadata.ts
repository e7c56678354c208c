/* Metadata columns of change formats: a member of the message, and what becomes of its value. */

import { types, type LogicalType, type MapValue, type Value } from '#data';
import type { FormatMetadata } from '../format.ts';

export interface ChangeMetadata extends FormatMetadata {
  /** The member of the message that it is read from, and how that is read. */
  readonly member: string;
  readonly memberType: LogicalType;
  /** Of a value that is not NULL; undefined when it does not fit. Absent: as it is read. */
  readonly convert?: (value: Value) => Value | undefined;
}

/** A member that is taken as it is. */
export const taken = (key: string, type: LogicalType, member = key): ChangeMetadata => ({
  key,
  type,
  member,
  memberType: type,
});

/** A member of epoch milliseconds, or of other units that are `unitMs` long, as TIMESTAMP_LTZ(3). */
export const epoch = (key: string, member: string, unitMs = 1): ChangeMetadata => ({
  key,
  type: types.timestampLtz(3),
  member,
  memberType: types.BIGINT,
  convert: (value) => ({ ms: Number(value as bigint) * unitMs, ns: 0 }),
});

/** The property called `name` of a member that is an object. */
export function property(map: Value, name: string): Value {
  return (map as MapValue).entries.find(([key]) => key === name)?.[1] ?? null;
}
