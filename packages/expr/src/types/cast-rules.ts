/* Which type casts to which: implicitly (safe widening, which the binder inserts) and explicitly (CAST). */

import {
  isBinary,
  isExactNumeric,
  isInterval,
  isNumeric,
  isString,
  isTimestamp,
  sameType,
  types,
  type IntervalType,
  type LogicalType,
  type TypeKind,
} from '#data';

const integerOrder: readonly TypeKind[] = ['TINYINT', 'SMALLINT', 'INT', 'BIGINT'];

/** One field, such as DAY or MONTH: only such intervals cast to and from numbers. */
export const isSingleField = (type: IntervalType): boolean => !type.unit.includes(' TO ');

function childrenOf(type: LogicalType): readonly LogicalType[] | undefined {
  switch (type.kind) {
    case 'ARRAY':
    case 'MULTISET':
      return [type.element];
    case 'MAP':
      return [type.key, type.value];
    case 'ROW':
      return type.fields.map((f) => f.type);
    default:
      return undefined;
  }
}

function nestedCast(from: LogicalType, to: LogicalType, cast: typeof canCastImplicitly): boolean {
  const [source, target] = [childrenOf(from), childrenOf(to)];
  if (from.kind !== to.kind || source === undefined || target === undefined) return false;
  return source.length === target.length && source.every((s, i) => cast(s, target[i]!));
}

/** Whether every value of `from` is one of `to`, nullability aside at the top. */
export function canCastImplicitly(from: LogicalType, to: LogicalType): boolean {
  if (from.kind === 'NULL' || sameType(from, to, false)) return true;
  if (childrenOf(from) !== undefined || childrenOf(to) !== undefined)
    return nestedCast(from, to, canCastImplicitly);
  switch (to.kind) {
    case 'VARCHAR':
      return isString(from);
    case 'VARBINARY':
      return isBinary(from);
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
      return (
        integerOrder.includes(from.kind) && integerOrder.indexOf(from.kind) <= integerOrder.indexOf(to.kind)
      );
    case 'DECIMAL':
    case 'DOUBLE':
      return isNumeric(from);
    case 'FLOAT':
      return isExactNumeric(from);
    case 'DATE':
      return from.kind === 'TIMESTAMP';
    case 'TIME':
      return from.kind === 'TIME' || from.kind === 'TIMESTAMP';
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return isTimestamp(from);
    default:
      return from.kind === to.kind;
  }
}

/** Whether CAST(from AS to) is allowed. */
export function canCastExplicitly(from: LogicalType, to: LogicalType): boolean {
  if (canCastImplicitly(from, to)) return true;
  const [source, target] = [from.kind, to.kind] as const;
  // Bytes of a bitmap that are cut would be none.
  if (source === 'BITMAP') return isString(to) || sameType(to, types.BYTES, false);
  if (isString(to)) return source !== 'SYMBOL' && source !== 'VARIANT';
  if (target === 'BINARY' || target === 'VARBINARY') return isString(from) || isBinary(from);
  if (isInterval(from)) return isExactNumeric(to) && isSingleField(from);
  if (isInterval(to)) return isExactNumeric(from) && isSingleField(to);
  if (childrenOf(from) !== undefined || childrenOf(to) !== undefined)
    return nestedCast(from, to, canCastExplicitly);
  switch (to.kind) {
    case 'BOOLEAN':
      return isString(from) || isNumeric(from);
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'BIGINT':
    case 'DECIMAL':
    case 'FLOAT':
    case 'DOUBLE':
      return isNumeric(from) || isString(from) || from.kind === 'BOOLEAN';
    case 'DATE':
      return isTimestamp(from) || isString(from);
    case 'TIME':
      return isTimestamp(from) || isString(from);
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ':
      return from.kind === 'DATE' || from.kind === 'TIME' || isTimestamp(from) || isString(from);
    default:
      return false;
  }
}
