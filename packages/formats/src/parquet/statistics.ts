/* Groups of rows that need not be read, by what the footer says of their columns: the least and the greatest value, and how many
 * are NULL ("Statistics" and "ColumnOrder" of Parquet's format).
 *
 *   bounds in the file ─▶ values of the column's type ─▶ is the condition true of any value between them?
 *
 * Bounds may be cut short: they still lie at or beyond what they bound. NaN is in no bounds, and true of `<>` alone. What is not
 * sure is read. */

import type { SchemaElement } from 'hyparquet';
import { deserializeTCompactProtocol } from 'hyparquet/src/thrift.js';
import type { ComparisonOperator, RowCondition } from '#catalog';
import { compareValues, instant, type Field, type Instant, type LogicalType, type Value } from '#data';
import type { RawValue } from './leaf-cursor.ts';
import { isDecimal, isUnsigned, leafValue } from './leaf-values.ts';
import { isLeaf, type ParquetNode } from './schema-tree.ts';
import type { Times } from './times.ts';

interface Bounds {
  readonly min: Value;
  readonly max: Value;
  /** Both are values of the column. */
  readonly exact: boolean;
}
interface ColumnFacts {
  readonly type: LogicalType;
  /** Undefined where that is not known. */
  readonly bounds: Bounds | undefined;
  readonly allNull: boolean;
  readonly noNull: boolean;
}

/** Fields of Thrift structs, by their numbers. */
interface RawStatistics {
  readonly field_1?: Uint8Array;
  readonly field_2?: Uint8Array;
  readonly field_3?: bigint;
  readonly field_5?: Uint8Array;
  readonly field_6?: Uint8Array;
  readonly field_7?: boolean;
  readonly field_8?: boolean;
}
interface RawFooter {
  readonly field_4?: readonly {
    readonly field_1: readonly { readonly field_3?: { readonly field_12?: RawStatistics } }[];
    readonly field_3: bigint;
  }[];
  readonly field_7?: readonly { readonly field_1?: unknown }[];
}

/** Whether the group of that number can be left out; undefined where nothing is asked. */
export function groupsLeftOut(
  conditions: readonly RowCondition[],
  footer: Uint8Array,
  root: ParquetNode,
  columns: { readonly fields: readonly Field[]; readonly times: Times },
): ((group: number) => boolean) | undefined {
  if (conditions.length === 0) return undefined;
  // The library makes numbers of bounds that lose digits: they are taken as they lie.
  const view = new DataView(footer.buffer, footer.byteOffset, footer.byteLength);
  const { field_4: groups = [], field_7: orders } = deserializeTCompactProtocol({
    view,
    offset: 0,
  }) as RawFooter;
  return (index) => {
    const group = groups[index];
    if (group === undefined) return false;
    const facts = new Map<string, ColumnFacts | undefined>();
    const factsOf = (name: string): ColumnFacts | undefined => {
      if (!facts.has(name)) {
        const field = columns.fields.find((f) => f.name === name);
        facts.set(name, field && columnFacts(field, root, columns.times, group, orders));
      }
      return facts.get(name);
    };
    return conditions.some((condition) => !mayHold(condition, factsOf));
  };
}

function mayHold(condition: RowCondition, factsOf: (column: string) => ColumnFacts | undefined): boolean {
  switch (condition.kind) {
    case 'all':
      return condition.of.every((part) => mayHold(part, factsOf));
    case 'any':
      return condition.of.some((part) => mayHold(part, factsOf));
    case 'null': {
      const facts = factsOf(condition.column);
      return facts === undefined || !(condition.isNull ? facts.noNull : facts.allNull);
    }
    case 'compare': {
      const facts = factsOf(condition.column);
      if (facts === undefined) return true;
      if (facts.allNull) return false;
      if (facts.bounds === undefined) return true;
      const min = asType(facts.bounds.min, facts.type, condition.type);
      const max = asType(facts.bounds.max, facts.type, condition.type);
      const value = asBytes(condition.value);
      if (min === undefined || max === undefined) return true;
      const isExact = facts.bounds.exact && facts.type.kind !== 'FLOAT' && facts.type.kind !== 'DOUBLE';
      return anyBetween(condition.operator, min, max, value, isExact);
    }
  }
}
function anyBetween(
  operator: ComparisonOperator,
  min: Value,
  max: Value,
  value: Value,
  exact: boolean,
): boolean {
  switch (operator) {
    case '=':
      return compareValues(min, value) <= 0 && compareValues(value, max) <= 0;
    case '<>':
      return !exact || compareValues(min, value) !== 0 || compareValues(max, value) !== 0;
    case '<':
      return compareValues(min, value) < 0;
    case '<=':
      return compareValues(min, value) <= 0;
    case '>':
      return compareValues(max, value) > 0;
    case '>=':
      return compareValues(max, value) >= 0;
  }
}

/** A bound as a value of the type that it is compared in, which holds all values of the column's; text as its bytes. */
function asType(value: Value, from: LogicalType, to: LogicalType): Value | undefined {
  if (to.kind === 'DECIMAL') {
    const scale = from.kind === 'DECIMAL' ? from.scale : 0;
    if (to.scale < scale || (typeof value !== 'number' && typeof value !== 'bigint')) return undefined;
    return BigInt(value) * 10n ** BigInt(to.scale - scale);
  }
  if (typeof value === 'number' && to.kind === 'BIGINT') return BigInt(value);
  return typeof value === 'bigint' && to.kind !== 'BIGINT' ? undefined : value;
}
const asBytes = (value: Value): Value => (typeof value === 'string' ? Buffer.from(value) : value);

const nothing: ColumnFacts = {
  type: { kind: 'NULL', nullable: true },
  bounds: undefined,
  allNull: true,
  noNull: false,
};

function columnFacts(
  { name, type }: Field,
  root: ParquetNode,
  times: Times,
  group: NonNullable<RawFooter['field_4']>[number],
  orders: RawFooter['field_7'],
): ColumnFacts | undefined {
  const rows = Number(group.field_3);
  if (rows === 0) return undefined;
  const node = root.children.find((c) => c.name === name);
  // A column that the file does not have is NULL.
  if (node === undefined) return nothing;
  if (!isLeaf(node) || node.repetition > 0) return undefined;
  const statistics = group.field_1[node.column]?.field_3?.field_12;
  const nulls = statistics?.field_3 === undefined ? undefined : Number(statistics.field_3);
  const isRequired = node.definition === 0;
  const isOrdered = orders?.[node.column]?.field_1 !== undefined;
  return {
    type,
    bounds: statistics && boundsOf(statistics, node.element, type, times, isOrdered),
    allNull: !isRequired && nulls === rows,
    noNull: isRequired || nulls === 0,
  };
}

function boundsOf(
  statistics: RawStatistics,
  element: SchemaElement,
  type: LogicalType,
  times: Times,
  isOrdered: boolean,
): Bounds | undefined {
  const isBytes = element.type === 'BYTE_ARRAY' || element.type === 'FIXED_LEN_BYTE_ARRAY';
  const isSigned = !isBytes && element.type !== 'INT96' && !isUnsigned(element);
  if (element.type === 'INT96' || (!isOrdered && !isSigned)) return undefined;
  // The older pair has the order of signed values, whatever they mean.
  const min = statistics.field_6 ?? (isSigned ? statistics.field_2 : undefined);
  const max = statistics.field_5 ?? (isSigned ? statistics.field_1 : undefined);
  if (min === undefined || max === undefined) return undefined;
  const exact = !isBytes || (statistics.field_7 === true && statistics.field_8 === true);
  const isText = type.kind === 'CHAR' || type.kind === 'VARCHAR';
  const isPlainBytes = isText || type.kind === 'BINARY' || type.kind === 'VARBINARY';
  if (isPlainBytes) return isBytes && !isDecimal(element) ? checked({ min, max, exact }) : undefined;
  const raw = [rawValue(min, element), rawValue(max, element)] as const;
  const toValue = leafValue(element, type, times);
  if (toValue === undefined || raw[0] === undefined || raw[1] === undefined) return undefined;
  if (!raw.every((value) => isWithin(value!, type))) return undefined;
  try {
    const [low, high] = [toValue(raw[0]), toValue(raw[1])];
    return checked(
      times.isLocal && isTime(type) ? { ...wider(low, high), exact: false } : { min: low, max: high, exact },
    );
  } catch {
    // It says itself what is wrong with it when it is read.
    return undefined;
  }
}
/** Bounds that are none are of no use: NaN, and what a type that is too small has turned round. */
function checked(bounds: Bounds): Bounds | undefined {
  const { min, max } = bounds;
  return Number.isNaN(min) || Number.isNaN(max) || compareValues(min, max) > 0 ? undefined : bounds;
}
const isTime = ({ kind }: LogicalType): boolean => kind === 'TIMESTAMP' || kind === 'TIMESTAMP_LTZ';
/** The difference between two offsets of zones is less than this. */
const zonesMs = 27 * 3_600_000;
const wider = (low: Value, high: Value): { readonly min: Instant; readonly max: Instant } => ({
  min: instant((low as Instant).ms - zonesMs),
  max: instant((high as Instant).ms + zonesMs),
});
/** Smaller integers cut bits off what lies beyond them. */
function isWithin(raw: RawValue, { kind }: LogicalType): boolean {
  if (kind !== 'TINYINT' && kind !== 'SMALLINT') return true;
  const limit = kind === 'TINYINT' ? 0x80 : 0x8000;
  return typeof raw === 'number' && raw >= -limit && raw < limit;
}

function rawValue(bytes: Uint8Array, { type }: SchemaElement): RawValue | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const has = (length: number): boolean => bytes.length === length;
  switch (type) {
    case 'BOOLEAN':
      return has(1) ? bytes[0] === 1 : undefined;
    case 'INT32':
      return has(4) ? view.getInt32(0, true) : undefined;
    case 'INT64':
      return has(8) ? view.getBigInt64(0, true) : undefined;
    case 'FLOAT':
      return has(4) ? view.getFloat32(0, true) : undefined;
    case 'DOUBLE':
      return has(8) ? view.getFloat64(0, true) : undefined;
    default:
      return bytes;
  }
}
