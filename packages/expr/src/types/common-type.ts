/* The least restrictive type of several: what CASE, COALESCE, UNION, IN, ARRAY[…] and comparison give. */

import {
  isApproximate,
  isBinary,
  isExactNumeric,
  isInteger,
  isString,
  isTimestamp,
  sameType,
  types,
  withNullable,
  type IntervalType,
  type LengthType,
  type LogicalType,
  type RowType,
  type TemporalType,
} from '#data';
import { asDecimal, decimalPrecisionMax } from './decimal-types.ts';

/** The type that all of `all` can be cast to without loss, or undefined; nullable when any of them is. */
export function commonType(all: readonly LogicalType[]): LogicalType | undefined {
  let common: LogicalType | undefined;
  for (const type of all) {
    if (type.kind === 'NULL') continue;
    common = common === undefined ? type : commonOfTwo(common, type);
    if (common === undefined) return undefined;
  }
  if (common === undefined) return all.length === 0 ? undefined : types.NULL;
  return withNullable(
    common,
    all.some((t) => t.nullable),
  );
}

function commonOfTwo(a: LogicalType, b: LogicalType): LogicalType | undefined {
  if (sameType(a, b)) return a;
  if (isString(a) && isString(b)) return commonLength(a, b, 'CHAR', 'VARCHAR');
  if (isBinary(a) && isBinary(b)) return commonLength(a, b, 'BINARY', 'VARBINARY');
  if (isExactNumeric(a) && isExactNumeric(b)) return commonExact(a, b);
  // FLOAT and DOUBLE: the first, as in Flink.
  if (isApproximate(a) && isApproximate(b)) return a;
  if (isApproximate(a) && isExactNumeric(b)) return b.kind === 'DECIMAL' ? types.DOUBLE : a;
  if (isExactNumeric(a) && isApproximate(b)) return a.kind === 'DECIMAL' ? types.DOUBLE : b;
  if (a.kind === 'TIME' && b.kind === 'TIME') return finer(a, b);
  if (isTimestamp(a) && isTimestamp(b)) {
    return finer(a.kind === 'TIMESTAMP_LTZ' ? a : { ...a, kind: b.kind as TemporalType['kind'] }, b);
  }
  if (a.kind !== b.kind) return undefined;
  switch (a.kind) {
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return commonInterval(a, b as IntervalType);
    case 'ARRAY':
    case 'MULTISET': {
      const element = commonType([a.element, (b as typeof a).element]);
      return element && { ...a, element };
    }
    case 'MAP': {
      const key = commonType([a.key, (b as typeof a).key]);
      const value = commonType([a.value, (b as typeof a).value]);
      return key && value && { ...a, key, value };
    }
    case 'ROW':
      return commonRow(a, b as RowType);
    default:
      return a;
  }
}

const finer = (a: TemporalType, b: TemporalType): TemporalType => ({
  ...a,
  precision: Math.max(a.precision, b.precision),
});

function commonLength(
  a: LengthType,
  b: LengthType,
  fixed: 'CHAR' | 'BINARY',
  varying: 'VARCHAR' | 'VARBINARY',
): LengthType {
  const length = Math.max(a.length, b.length);
  const kind = a.kind === fixed && b.kind === fixed && a.length === b.length ? fixed : varying;
  return { kind, length, nullable: a.nullable || b.nullable };
}

function commonExact(a: LogicalType, b: LogicalType): LogicalType {
  if (isInteger(a) && isInteger(b)) return asDecimal(a).precision >= asDecimal(b).precision ? a : b;
  const [x, y] = [asDecimal(a), asDecimal(b)];
  const whole = Math.min(Math.max(x.precision - x.scale, y.precision - y.scale), decimalPrecisionMax);
  const scale = Math.min(Math.max(x.scale, y.scale), decimalPrecisionMax - whole);
  return types.decimal(whole + scale, scale);
}

const intervalUnits = ['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'];

function commonInterval(a: IntervalType, b: IntervalType): IntervalType {
  const fields = [...a.unit.split(' TO '), ...b.unit.split(' TO ')].map((unit) =>
    intervalUnits.indexOf(unit),
  );
  const first = intervalUnits[Math.min(...fields)]!;
  const last = intervalUnits[Math.max(...fields)]!;
  return {
    ...a,
    unit: first === last ? first : `${first} TO ${last}`,
    precision: Math.max(a.precision, b.precision),
    fraction: Math.max(a.fraction, b.fraction),
  };
}

function commonRow(a: RowType, b: RowType): RowType | undefined {
  if (a.fields.length !== b.fields.length) return undefined;
  const fields = a.fields.map((field, i) => ({
    name: field.name,
    type: commonType([field.type, b.fields[i]!.type]),
  }));
  return fields.every((f): f is { name: string; type: LogicalType } => f.type !== undefined)
    ? { ...a, fields }
    : undefined;
}
