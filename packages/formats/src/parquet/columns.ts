/* The columns that a file has, for tables that declare none. */

import { UserError } from '#base';
import { notNull, types, withNullable, type Field, type LogicalType } from '#data';
import type { SchemaColumns } from '../schema-columns.ts';
import { isDecimal, isUnsigned, unitOf } from './leaf-values.ts';
import { physicalText } from './read-plan.ts';
import { isLeaf, listShape, mapShape, type ParquetNode } from './schema-tree.ts';

const decimalDigitsMax = 38;
const digits = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const;

/** Times are read as the file says, not in the zone of this process. Throws FMT1006. */
export function columnsOfFile(root: ParquetNode): SchemaColumns {
  return { fields: fieldsOf(root, ''), options: { 'utc-timezone': 'true' } };
}
const fieldsOf = (node: ParquetNode, path: string): Field[] =>
  node.children.map((c) => ({ name: c.name, type: typeOf(c, `${path}${c.name}`) }));

function typeOf(node: ParquetNode, path: string): LogicalType {
  const { element } = node;
  if (element.repetition_type === 'REPEATED')
    return notNull(types.array(notNull(isLeaf(node) ? leafType(node, path) : rowType(node, path))));
  const nullable = element.repetition_type !== 'REQUIRED';
  if (isLeaf(node)) return withNullable(leafType(node, path), nullable);
  const annotation = element.logical_type?.type ?? element.converted_type;
  const map = annotation === 'MAP' || annotation === 'MAP_KEY_VALUE' ? mapShape(node) : undefined;
  if (map !== undefined)
    return withNullable(
      types.map(typeOf(map.key, `${path}.key`), typeOf(map.value, `${path}.value`)),
      nullable,
    );
  const list = annotation === 'LIST' ? listShape(node) : undefined;
  if (list === undefined) return withNullable(rowType(node, path), nullable);
  if (list.element !== list.repeated)
    return withNullable(types.array(typeOf(list.element, `${path}.element`)), nullable);
  const { repeated } = list;
  return withNullable(
    types.array(notNull(isLeaf(repeated) ? leafType(repeated, path) : rowType(repeated, path))),
    nullable,
  );
}
const rowType = (node: ParquetNode, path: string): LogicalType => types.row(fieldsOf(node, `${path}.`));

function leafType(node: ParquetNode, path: string): LogicalType {
  const { element } = node;
  const { type, logical_type: logical, converted_type: converted } = element;
  const refuse = (): UserError =>
    new UserError('FMT1006', {
      message: `column '${path}' of the file is ${physicalText(node)}, which no column can be`,
      hint: 'Declare the columns: those that the table does not have are passed over.',
    });
  if (isDecimal(element)) {
    const of = logical?.type === 'DECIMAL' ? logical : element;
    const precision = of.precision ?? 0;
    if (precision < 1 || precision > decimalDigitsMax) throw refuse();
    return types.decimal(precision, of.scale ?? 0);
  }
  const bits =
    logical?.type === 'INTEGER' ? logical.bitWidth : Number(/^U?INT_(\d+)$/.exec(converted ?? '')?.[1] ?? 0);
  switch (type) {
    case 'BOOLEAN':
      return types.BOOLEAN;
    case 'FLOAT':
      return types.FLOAT;
    case 'DOUBLE':
      return types.DOUBLE;
    case 'INT96':
      return types.timestamp(9);
    case 'INT32':
      if (logical?.type === 'DATE' || converted === 'DATE') return types.DATE;
      if (unitOf(element, 'TIME') !== undefined) return types.time(3);
      if (isUnsigned(element)) return bits === 32 ? types.BIGINT : types.INT;
      return bits === 8 ? types.TINYINT : bits === 16 ? types.SMALLINT : types.INT;
    case 'INT64': {
      const unit = unitOf(element, 'TIMESTAMP');
      if (unit !== undefined) {
        const isPoint = logical?.type === 'TIMESTAMP' ? logical.isAdjustedToUTC : true;
        return isPoint ? types.timestampLtz(digits[unit]) : types.timestamp(digits[unit]);
      }
      if (unitOf(element, 'TIME') !== undefined) return types.time(3);
      return isUnsigned(element) ? types.decimal(20, 0) : types.BIGINT;
    }
    case 'BYTE_ARRAY':
      return ['STRING', 'ENUM', 'JSON'].includes(logical?.type ?? '') ||
        ['UTF8', 'ENUM', 'JSON'].includes(converted ?? '')
        ? types.STRING
        : types.BYTES;
    case 'FIXED_LEN_BYTE_ARRAY':
      if (logical?.type === 'FLOAT16') throw refuse();
      return types.binary(element.type_length ?? 1);
    default:
      throw refuse();
  }
}
