/* The least restrictive type of several: what CASE, COALESCE, UNION, IN, ARRAY[…] and comparison give. */

import {
  isApproximate,
  isBinary,
  isExactNumeric,
  isInteger,
  isInterval,
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

/** The type that all of `all` can be cast to without loss, or undefined; nullable when any of them is. This is what
 *  Calcite derives: for CASE, IN, ARRAY[…], MAP[…], VALUES and set operations. */
export const commonType = (all: readonly LogicalType[]): LogicalType | undefined => common(all, commonOfTwo);

/** What Flink derives for functions of its own: COALESCE, GREATEST, LEAST, those of arrays and maps. It keeps all digits
 *  of FLOAT and DOUBLE, and the first of DECIMAL and FLOAT gives way. */
export const mergedType = (all: readonly LogicalType[]): LogicalType | undefined => common(all, mergedOfTwo);

type OfTwo = (a: LogicalType, b: LogicalType) => LogicalType | undefined;

function mergedOfTwo(a: LogicalType, b: LogicalType): LogicalType | undefined {
  if (isApproximate(a) && isApproximate(b)) return a.kind === 'DOUBLE' ? a : b;
  if (a.kind === 'DECIMAL' && isApproximate(b)) return b;
  if (isTimestamp(a) && isTimestamp(b) && a.kind !== b.kind)
    return finer(
      a.kind === 'TIMESTAMP_LTZ' ? (a as TemporalType) : (b as TemporalType),
      (a.kind === 'TIMESTAMP_LTZ' ? b : a) as TemporalType,
    );
  if (a.kind === 'ARRAY' && b.kind === 'ARRAY') {
    const element = mergedType([a.element, b.element]);
    return element && { ...a, element };
  }
  if (a.kind === 'MAP' && b.kind === 'MAP') {
    const key = mergedType([a.key, b.key]);
    const value = mergedType([a.value, b.value]);
    return key && value && { ...a, key, value };
  }
  return commonOfTwo(a, b);
}

function common(all: readonly LogicalType[], ofTwo: OfTwo): LogicalType | undefined {
  let common: LogicalType | undefined;
  for (const type of all) {
    if (type.kind === 'NULL') continue;
    common = common === undefined ? type : ofTwo(common, type);
    if (common === undefined) return undefined;
  }
  if (common === undefined) return all.length === 0 ? undefined : types.NULL;
  return withNullable(
    isInterval(common) ? computedInterval(common) : common,
    all.some((t) => t.nullable),
  );
}

function commonOfTwo(a: LogicalType, b: LogicalType): LogicalType | undefined {
  if (sameType(a, b)) return isInterval(a) ? computedInterval(a) : a;
  if (isString(a) && isString(b)) return commonLength(a, b, 'CHAR', 'VARCHAR');
  if (isBinary(a) && isBinary(b)) return commonLength(a, b, 'BINARY', 'VARBINARY');
  if (isExactNumeric(a) && isExactNumeric(b)) return commonExact(a, b);
  // FLOAT and DOUBLE: the first, as in Flink.
  if (isApproximate(a) && isApproximate(b)) return a;
  if (isApproximate(a) && isExactNumeric(b)) return b.kind === 'DECIMAL' ? types.DOUBLE : a;
  if (isExactNumeric(a) && isApproximate(b)) return a.kind === 'DECIMAL' ? types.DOUBLE : b;
  if (a.kind === 'TIME' && b.kind === 'TIME') return finer(a, b);
  // TIMESTAMP beside TIMESTAMP_LTZ: the first, where both are as fine, else the second, as in Calcite.
  if (isTimestamp(a) && isTimestamp(b)) {
    const [x, y] = [a as TemporalType, b as TemporalType];
    return x.precision === y.precision ? x : finer({ ...y, nullable: x.nullable }, x);
  }
  if (a.kind !== b.kind) return undefined;
  switch (a.kind) {
    case 'INTERVAL_DAY_TIME':
    case 'INTERVAL_YEAR_MONTH':
      return computedInterval(a);
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

/** The type of an interval that is computed: its fields are forgotten, and it counts months or milliseconds. */
export const computedInterval = (type: IntervalType): IntervalType => ({
  ...(type.kind === 'INTERVAL_YEAR_MONTH' ? types.yearMonth('MONTH') : types.dayTime('SECOND', 2, 3)),
  nullable: type.nullable,
});

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
