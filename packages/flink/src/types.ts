/* The types of the gateway's columns, as Flink's LogicalTypeJsonSerializer of flink-sql-gateway writes them, as ours. */

import { ExternalError } from '#base';
import { types, withNullable, type LogicalType } from '#data';
import type { JsonNumber } from '#engine';

/** A type as it stands in the gateway's JSON. */
export interface GatewayType {
  readonly type: string;
  readonly nullable: boolean;
  readonly length?: JsonNumber;
  readonly precision?: JsonNumber;
  readonly scale?: JsonNumber;
  readonly fractionalPrecision?: JsonNumber;
  readonly resolution?: string;
  readonly elementType?: GatewayType;
  readonly keyType?: GatewayType;
  readonly valueType?: GatewayType;
  readonly fields?: readonly { readonly name: string; readonly fieldType: GatewayType }[];
}

/** A number of the type, where it stands there. */
const at = (number: JsonNumber | undefined): number | undefined =>
  number === undefined ? undefined : Number(number.text);
const unit = (resolution: string | undefined): string => (resolution ?? '').replaceAll('_', ' ');
const part = (inner: GatewayType | undefined): LogicalType => (inner ? logicalType(inner) : types.NULL);

const readers: Readonly<Record<string, (type: GatewayType) => LogicalType>> = {
  BOOLEAN: () => types.BOOLEAN,
  TINYINT: () => types.TINYINT,
  SMALLINT: () => types.SMALLINT,
  INTEGER: () => types.INT,
  BIGINT: () => types.BIGINT,
  FLOAT: () => types.FLOAT,
  DOUBLE: () => types.DOUBLE,
  DATE: () => types.DATE,
  NULL: () => types.NULL,
  CHAR: (t) => types.char(at(t.length) ?? 1),
  VARCHAR: (t) => types.varchar(at(t.length) ?? 1),
  BINARY: (t) => types.binary(at(t.length) ?? 1),
  VARBINARY: (t) => types.varbinary(at(t.length) ?? 1),
  DECIMAL: (t) => types.decimal(at(t.precision) ?? 10, at(t.scale) ?? 0),
  TIME_WITHOUT_TIME_ZONE: (t) => types.time(at(t.precision)),
  TIMESTAMP_WITHOUT_TIME_ZONE: (t) => types.timestamp(at(t.precision)),
  TIMESTAMP_WITH_LOCAL_TIME_ZONE: (t) => types.timestampLtz(at(t.precision)),
  INTERVAL_YEAR_MONTH: (t) => types.yearMonth(unit(t.resolution), at(t.precision)),
  INTERVAL_DAY_TIME: (t) => types.dayTime(unit(t.resolution), at(t.precision), at(t.fractionalPrecision)),
  ARRAY: (t) => types.array(part(t.elementType)),
  MULTISET: (t) => types.multiset(part(t.elementType)),
  MAP: (t) => types.map(part(t.keyType), part(t.valueType)),
  ROW: (t) => types.row((t.fields ?? []).map((f) => ({ name: f.name, type: logicalType(f.fieldType) }))),
};

/** Throws FLK3003 for a type that has no counterpart here. */
export function logicalType(type: GatewayType): LogicalType {
  const reader = readers[type.type];
  if (reader === undefined)
    throw new ExternalError('FLK3003', {
      message: `Flink's result has a column of type ${type.type}, which has no form here`,
      hint: 'CAST it to STRING.',
      retryable: false,
    });
  return withNullable(reader(type), type.nullable);
}
