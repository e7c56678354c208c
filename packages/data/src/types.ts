/* Logical types of Flink SQL. A type is plain, frozen-by-convention data; equality is structural (`sameType`). */

import { UserError, unreachable } from '#base';

export type LogicalType =
  | SimpleType
  | LengthType
  | DecimalType
  | TemporalType
  | IntervalType
  | ArrayType
  | MapType
  | MultisetType
  | RowType;
export type TypeKind = LogicalType['kind'];

interface Nullability {
  readonly nullable: boolean;
}
export interface SimpleType extends Nullability {
  readonly kind:
    | 'BOOLEAN'
    | 'TINYINT'
    | 'SMALLINT'
    | 'INT'
    | 'BIGINT'
    | 'FLOAT'
    | 'DOUBLE'
    | 'DATE'
    | 'VARIANT'
    | 'BITMAP'
    | 'NULL'
    | 'SYMBOL';
}
/** STRING is VARCHAR(2147483647), BYTES is VARBINARY(2147483647). */
export interface LengthType extends Nullability {
  readonly kind: 'CHAR' | 'VARCHAR' | 'BINARY' | 'VARBINARY';
  readonly length: number;
}
export interface DecimalType extends Nullability {
  readonly kind: 'DECIMAL';
  readonly precision: number; // 1 … 38
  readonly scale: number; // 0 … precision
}
export interface TemporalType extends Nullability {
  readonly kind: 'TIME' | 'TIMESTAMP' | 'TIMESTAMP_LTZ';
  readonly precision: number; // 0 … 9 digits of a second
}
/** YEAR_MONTH counts months (int32), DAY_TIME counts milliseconds. `unit` is how Flink writes it. */
export interface IntervalType extends Nullability {
  readonly kind: 'INTERVAL_YEAR_MONTH' | 'INTERVAL_DAY_TIME';
  readonly unit: string; // e.g. 'DAY TO SECOND', 'MONTH'
  readonly precision: number; // of the leading field
  readonly fraction: number; // digits of a second; 0 for year-month
}
export interface ArrayType extends Nullability {
  readonly kind: 'ARRAY';
  readonly element: LogicalType;
}
export interface MapType extends Nullability {
  readonly kind: 'MAP';
  readonly key: LogicalType;
  readonly value: LogicalType;
}
export interface MultisetType extends Nullability {
  readonly kind: 'MULTISET';
  readonly element: LogicalType;
}
export interface Field {
  readonly name: string;
  readonly type: LogicalType;
}
/** ROW<…>, or STRUCTURED<'class', …>: a row that bears the name of a class, which need not be there. */
export interface RowType extends Nullability {
  readonly kind: 'ROW';
  readonly fields: readonly Field[];
  readonly className?: string;
}

export const unboundedLength = 2147483647;

const simple = <K extends SimpleType['kind']>(kind: K): SimpleType & { readonly kind: K } => ({
  kind,
  nullable: true,
});
/** The common types, nullable. `notNull(types.INT)` is INT NOT NULL. */
export const types = {
  BOOLEAN: simple('BOOLEAN'),
  TINYINT: simple('TINYINT'),
  SMALLINT: simple('SMALLINT'),
  INT: simple('INT'),
  BIGINT: simple('BIGINT'),
  FLOAT: simple('FLOAT'),
  DOUBLE: simple('DOUBLE'),
  DATE: simple('DATE'),
  VARIANT: simple('VARIANT'),
  BITMAP: simple('BITMAP'),
  NULL: simple('NULL'),
  SYMBOL: simple('SYMBOL'),
  STRING: { kind: 'VARCHAR', length: unboundedLength, nullable: true } as LengthType,
  BYTES: { kind: 'VARBINARY', length: unboundedLength, nullable: true } as LengthType,
  char: (length: number): LengthType => ({ kind: 'CHAR', length, nullable: true }),
  varchar: (length: number): LengthType => ({ kind: 'VARCHAR', length, nullable: true }),
  binary: (length: number): LengthType => ({ kind: 'BINARY', length, nullable: true }),
  varbinary: (length: number): LengthType => ({ kind: 'VARBINARY', length, nullable: true }),
  decimal: (precision: number, scale: number): DecimalType => ({
    kind: 'DECIMAL',
    precision,
    scale,
    nullable: true,
  }),
  time: (precision = 0): TemporalType => ({ kind: 'TIME', precision, nullable: true }),
  timestamp: (precision = 6): TemporalType => ({ kind: 'TIMESTAMP', precision, nullable: true }),
  timestampLtz: (precision = 6): TemporalType => ({ kind: 'TIMESTAMP_LTZ', precision, nullable: true }),
  yearMonth: (unit = 'YEAR TO MONTH', precision = 2): IntervalType => ({
    kind: 'INTERVAL_YEAR_MONTH',
    unit,
    precision,
    fraction: 0,
    nullable: true,
  }),
  dayTime: (unit = 'DAY TO SECOND', precision = 2, fraction = 6): IntervalType => ({
    kind: 'INTERVAL_DAY_TIME',
    unit,
    precision,
    fraction,
    nullable: true,
  }),
  array: (element: LogicalType): ArrayType => ({ kind: 'ARRAY', element, nullable: true }),
  map: (key: LogicalType, value: LogicalType): MapType => ({ kind: 'MAP', key, value, nullable: true }),
  multiset: (element: LogicalType): MultisetType => ({ kind: 'MULTISET', element, nullable: true }),
  row: (fields: readonly Field[]): RowType => ({ kind: 'ROW', fields, nullable: true }),
  structured: (className: string, fields: readonly Field[]): RowType => ({
    kind: 'ROW',
    className,
    fields,
    nullable: true,
  }),
} as const;

export function withNullable<T extends LogicalType>(type: T, nullable: boolean): T {
  return type.nullable === nullable ? type : { ...type, nullable };
}
export const notNull = <T extends LogicalType>(type: T): T => withNullable(type, false);

/** Equal in every parameter. `nullability: false` leaves nullability aside, at every depth. */
export function sameType(a: LogicalType, b: LogicalType, nullability = true): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || (nullability && a.nullable !== b.nullable)) return false;
  switch (a.kind) {
    case 'CHAR':
    case 'VARCHAR':
    case 'BINARY':
    case 'VARBINARY':
      return a.length === (b as LengthType).length;
    case 'DECIMAL':
      return a.precision === (b as DecimalType).precision && a.scale === (b as DecimalType).scale;
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return a.precision === (b as TemporalType).precision;
    case 'ARRAY':
    case 'MULTISET':
      return sameType(a.element, (b as ArrayType).element, nullability);
    case 'MAP':
      return (
        sameType(a.key, (b as MapType).key, nullability) &&
        sameType(a.value, (b as MapType).value, nullability)
      );
    case 'ROW': {
      const other = (b as RowType).fields;
      return (
        a.className === (b as RowType).className &&
        a.fields.length === other.length &&
        a.fields.every((f, i) => f.name === other[i]!.name && sameType(f.type, other[i]!.type, nullability))
      );
    }
    default:
      return true;
  }
}

/** A type as Flink prints it: `DECIMAL(10, 2) NOT NULL`, `ROW<`a` INT>`, `STRING`, `TIMESTAMP(3)`. */
export function typeText(type: LogicalType): string {
  return type.nullable || type.kind === 'NULL' ? bareTypeText(type) : `${bareTypeText(type)} NOT NULL`;
}

function bareTypeText(type: LogicalType): string {
  switch (type.kind) {
    case 'VARCHAR':
      return type.length === unboundedLength ? 'STRING' : `VARCHAR(${type.length})`;
    case 'VARBINARY':
      return type.length === unboundedLength ? 'BYTES' : `VARBINARY(${type.length})`;
    case 'CHAR':
    case 'BINARY':
      return `${type.kind}(${type.length})`;
    case 'DECIMAL':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'TIME':
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return `${type.kind}(${type.precision})`;
    case 'INTERVAL_YEAR_MONTH':
    case 'INTERVAL_DAY_TIME':
      return intervalText(type);
    case 'ARRAY':
    case 'MULTISET':
      return `${type.kind}<${typeText(type.element)}>`;
    case 'MAP':
      return `MAP<${typeText(type.key)}, ${typeText(type.value)}>`;
    case 'ROW':
      return rowText(type);
    default:
      return type.kind;
  }
}

function rowText({ className, fields }: RowType): string {
  const list = fields.map((f) => `\`${f.name.replaceAll('`', '``')}\` ${typeText(f.type)}`).join(', ');
  return className === undefined ? `ROW<${list}>` : `STRUCTURED<'${className}', ${list}>`;
}

function intervalText(type: IntervalType): string {
  const [from, to] = type.unit.split(' TO ');
  if (type.kind === 'INTERVAL_YEAR_MONTH')
    return `INTERVAL ${from}${from === 'MONTH' ? '' : `(${type.precision})`}${to ? ` TO ${to}` : ''}`;
  const lead = from === 'SECOND' ? 'SECOND' : from === 'DAY' ? `DAY(${type.precision})` : from;
  if (to === undefined) return from === 'SECOND' ? `INTERVAL SECOND(${type.fraction})` : `INTERVAL ${lead}`;
  return `INTERVAL ${lead} TO ${to}${to === 'SECOND' ? `(${type.fraction})` : ''}`;
}

/** Whether values have an order: a VARIANT and a BITMAP have equality alone, as in Flink. */
export const isOrderable = ({ kind }: LogicalType): boolean => kind !== 'VARIANT' && kind !== 'BITMAP';
export const isInteger = (t: LogicalType): boolean =>
  t.kind === 'TINYINT' || t.kind === 'SMALLINT' || t.kind === 'INT' || t.kind === 'BIGINT';
export const isExactNumeric = (t: LogicalType): boolean => isInteger(t) || t.kind === 'DECIMAL';
export const isApproximate = (t: LogicalType): boolean => t.kind === 'FLOAT' || t.kind === 'DOUBLE';
export const isNumeric = (t: LogicalType): boolean => isExactNumeric(t) || isApproximate(t);
export const isString = (t: LogicalType): t is LengthType => t.kind === 'CHAR' || t.kind === 'VARCHAR';
export const isBinary = (t: LogicalType): t is LengthType => t.kind === 'BINARY' || t.kind === 'VARBINARY';
export const isTimestamp = (t: LogicalType): t is TemporalType =>
  t.kind === 'TIMESTAMP' || t.kind === 'TIMESTAMP_LTZ';
export const isInterval = (t: LogicalType): t is IntervalType =>
  t.kind === 'INTERVAL_YEAR_MONTH' || t.kind === 'INTERVAL_DAY_TIME';

/** How values of a type lie in a column: see column.ts. */
export type Layout = 'i32' | 'f64' | 'exact' | 'time' | 'bytes' | 'row' | 'list' | 'map';

/** The one place that says which layout a type has. `exact` is narrow (Float64Array) or wide by batch. */
export function layoutOf(type: LogicalType): Layout {
  switch (type.kind) {
    case 'BOOLEAN':
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'DATE':
    case 'TIME':
    case 'INTERVAL_YEAR_MONTH':
      return 'i32';
    case 'FLOAT':
    case 'DOUBLE':
      return 'f64';
    case 'BIGINT':
    case 'DECIMAL':
    case 'INTERVAL_DAY_TIME':
      return 'exact';
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return 'time';
    case 'CHAR':
    case 'VARCHAR':
    case 'BINARY':
    case 'VARBINARY':
    case 'VARIANT':
    case 'BITMAP':
      return 'bytes';
    case 'ROW':
      return 'row';
    case 'ARRAY':
      return 'list';
    case 'MAP':
    case 'MULTISET':
      return 'map';
    case 'NULL':
      return 'i32';
    case 'SYMBOL':
      throw new UserError('SQL2001', { message: 'a symbol is not a value' });
    default:
      return unreachable(type);
  }
}
