/* How values of a writer's schema become cells of a table: Avro's schema resolution (Avro 1.12, "Schema Resolution"), done
 * once, when a decoder is made. What comes of it is a tree that generated code is written from.
 *
 *   writer {id: long, note: [null, string], more: {…}}  ×  (note STRING, id BIGINT)
 *     ──▶ record: id ▶ cell 1 │ note ▶ cell 0 │ more ▶ skipped
 *
 * The reader's schema is the table's columns: fields by name, a column that the writer does not have is NULL. Where the table has a
 * schema too, its defaults, aliases and defaults of enums count. A place that cannot be read is a plan too: it fails the record that
 * holds a value there. */

import { typeText, type Field, type LogicalType } from '#data';
import { JsonNumber, type AvroField, type AvroType, type Json, type RecordType } from '#schemas';

/** Of a long that is a time: how many of it make a millisecond, or 1 where it counts milliseconds. */
export type UnitsPerMilli = 1 | 1000 | 1_000_000;

export type AvroPlan =
  /** Null in the data. */
  | { readonly kind: 'null' }
  | { readonly kind: 'boolean' }
  /** An int or long that becomes a number between the bounds. */
  | {
      readonly kind: 'integer';
      readonly wire: 'int' | 'long';
      readonly min: number;
      readonly max: number;
      readonly type: LogicalType;
    }
  /** An int or long that becomes a BIGINT. */
  | { readonly kind: 'bigint'; readonly wire: 'int' | 'long' }
  /** Any number that becomes FLOAT or DOUBLE. */
  | {
      readonly kind: 'double';
      readonly wire: 'int' | 'long' | 'float' | 'double';
      readonly single: boolean;
    }
  | { readonly kind: 'time'; readonly wire: 'int' | 'long'; readonly units: UnitsPerMilli }
  | { readonly kind: 'instant'; readonly units: UnitsPerMilli; readonly precision: number }
  | { readonly kind: 'decimal'; readonly size: number | undefined; readonly precision: number }
  /** `size`: of a fixed; undefined where the length stands in front. */
  | { readonly kind: 'text'; readonly size: number | undefined }
  | { readonly kind: 'bytes'; readonly size: number | undefined }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'symbol'; readonly symbols: readonly string[] }
  | { readonly kind: 'union'; readonly branches: readonly AvroPlan[] }
  | { readonly kind: 'array'; readonly items: AvroPlan; readonly bytesMin: number; readonly writer: AvroType }
  | { readonly kind: 'map'; readonly values: AvroPlan; readonly counts: boolean }
  | {
      readonly kind: 'record';
      /** The writer's fields in order. */
      readonly steps: readonly AvroStep[];
      readonly cells: number;
    }
  /** Nothing here can be read. */
  | { readonly kind: 'refused'; readonly reason: string };

export type AvroStep =
  | { readonly kind: 'skip'; readonly type: AvroType }
  | { readonly kind: 'read'; readonly cell: number; readonly plan: AvroPlan }
  /** Not in the data: the default of the reader's field, which is of type `schema`. */
  | {
      readonly kind: 'default';
      readonly cell: number;
      readonly plan: AvroPlan;
      readonly schema: AvroType;
      readonly json: Json;
    };

export type AvroRecordPlan = AvroPlan & { readonly kind: 'record' };

export const logicalOf = (type: AvroType): string | undefined => {
  const name = type.properties.get('logicalType');
  return typeof name === 'string' ? name : undefined;
};
export function numberOf(type: AvroType, name: string): number | undefined {
  const value = type.properties.get(name);
  return value instanceof JsonNumber ? value.value : undefined;
}

const timeUnits: Readonly<Record<string, UnitsPerMilli>> = {
  'timestamp-millis': 1,
  'local-timestamp-millis': 1,
  'timestamp-micros': 1000,
  'local-timestamp-micros': 1000,
  'timestamp-nanos': 1_000_000,
  'local-timestamp-nanos': 1_000_000,
};
const bounds: Readonly<Record<string, readonly [number, number]>> = {
  TINYINT: [-128, 127],
  SMALLINT: [-32768, 32767],
  INT: [-2147483648, 2147483647],
  DATE: [-2147483648, 2147483647],
};

/** The plan for rows of `fields` from records of `writer`, or from those of a union with one. What cannot give any row of these
 *  fields has a plan that refuses. `reader`: the table's own schema, where it has one. */
export function planRows(writer: AvroType, fields: readonly Field[], reader?: AvroType): AvroPlan {
  if (writer.kind === 'union')
    return { kind: 'union', branches: writer.branches.map((branch) => planRows(branch, fields, reader)) };
  if (writer.kind === 'record') return record(writer, fields, '', reader);
  return refused(`the message is of type ${writer.kind}, and rows are made of records`);
}
type Refusal = AvroPlan & { readonly kind: 'refused' };

const refused = (reason: string): Refusal => ({ kind: 'refused', reason });
function record(
  writer: RecordType,
  fields: readonly Field[],
  path: string,
  reader: AvroType | undefined,
): AvroRecordPlan | Refusal {
  const own = readerFields(reader);
  const indexes = cellsByWriter(writer, fields, own);
  const steps = writer.fields.map((field): AvroStep => {
    const cell = indexes.get(field.name);
    if (cell === undefined) return { kind: 'skip', type: field.type };
    const { name, type } = fields[cell]!;
    return { kind: 'read', cell, plan: value(field.type, type, `${path}${field.name}`, own.get(name)?.type) };
  });
  const written = new Set(indexes.values());
  for (const [i, { name, type }] of fields.entries()) {
    if (written.has(i)) continue;
    const field = own.get(name);
    if (field?.default !== undefined) {
      const plan = value(field.type, type, `${path}${name}`, field.type);
      steps.push({ kind: 'default', cell: i, plan, schema: field.type, json: field.default });
      continue;
    }
    if (type.nullable) continue;
    return refused(
      `the writer's record '${writer.fullName}' has no field '${path}${name}', and the column is NOT NULL`,
    );
  }
  return { kind: 'record', steps, cells: fields.length };
}

/** The fields of a record of the reader's, or of the one in a union. */
function readerFields(reader: AvroType | undefined): ReadonlyMap<string, AvroField> {
  const found = branchOf(reader, 'record');
  return new Map(found?.fields.map((field) => [field.name, field]));
}
/** Of a union the only branch of a kind. */
function branchOf<Kind extends AvroType['kind']>(
  reader: AvroType | undefined,
  kind: Kind,
): Extract<AvroType, { readonly kind: Kind }> | undefined {
  const some = (reader?.kind === 'union' ? reader.branches : [reader]).filter((b) => b?.kind === kind);
  return some.length === 1 ? (some[0] as Extract<AvroType, { readonly kind: Kind }>) : undefined;
}
/** By the writer's name for it: which cell a field is. Its own name goes before an alias. */
function cellsByWriter(
  writer: RecordType,
  fields: readonly Field[],
  own: ReadonlyMap<string, AvroField>,
): ReadonlyMap<string, number> {
  const names = new Set(writer.fields.map((field) => field.name));
  const cells = new Map<string, number>();
  for (const [i, { name }] of fields.entries()) {
    const written = names.has(name) ? name : own.get(name)?.aliases.find((alias) => names.has(alias));
    if (written !== undefined && !cells.has(written)) cells.set(written, i);
  }
  return cells;
}

function value(writer: AvroType, type: LogicalType, name: string, reader: AvroType | undefined): AvroPlan {
  if (writer.kind === 'union')
    return { kind: 'union', branches: writer.branches.map((branch) => value(branch, type, name, reader)) };
  if (writer.kind === 'null')
    return type.nullable ? { kind: 'null' } : refused(`field '${name}' is null, and its column is NOT NULL`);
  const plan = convert(writer, type, name, reader);
  if (plan !== undefined) return plan;
  const wider = widerColumns[`${type.kind} ${writer.kind}`];
  const advice = wider === undefined ? '' : `: the schema became wider, and ${wider} reads both`;
  return refused(
    `field '${name}' is ${writerText(writer)}, which is no ${typeText({ ...type, nullable: true })}${advice}`,
  );
}

/** By a column's type and the kind of a field that does not fit it: what to declare instead. */
const widerColumns: Readonly<Record<string, string>> = {
  'INT long': 'BIGINT',
  'INT float': 'DOUBLE',
  'INT double': 'DOUBLE',
  'BIGINT float': 'DOUBLE',
  'BIGINT double': 'DOUBLE',
  'FLOAT double': 'DOUBLE',
};

/** Undefined where a value of the writer's type is none of the column's. */
function convert(
  writer: AvroType,
  type: LogicalType,
  name: string,
  reader: AvroType | undefined,
): AvroPlan | undefined {
  switch (type.kind) {
    case 'BOOLEAN':
      return writer.kind === 'boolean' ? { kind: 'boolean' } : undefined;
    case 'TINYINT':
    case 'SMALLINT':
    case 'INT':
    case 'DATE': {
      const [min, max] = bounds[type.kind]!;
      return writer.kind === 'int' ? { kind: 'integer', wire: 'int', min, max, type } : undefined;
    }
    case 'BIGINT':
      return writer.kind === 'int' || writer.kind === 'long'
        ? { kind: 'bigint', wire: writer.kind }
        : undefined;
    case 'FLOAT':
    case 'DOUBLE': {
      const numbers = ['int', 'long', 'float', ...(type.kind === 'DOUBLE' ? ['double'] : [])];
      if (!numbers.includes(writer.kind)) return undefined;
      return { kind: 'double', wire: writer.kind as 'int', single: type.kind === 'FLOAT' };
    }
    case 'TIME':
      if (writer.kind === 'int') return { kind: 'time', wire: 'int', units: 1 };
      return writer.kind === 'long' && logicalOf(writer) === 'time-micros'
        ? { kind: 'time', wire: 'long', units: 1000 }
        : undefined;
    case 'TIMESTAMP':
    case 'TIMESTAMP_LTZ': {
      if (writer.kind !== 'long') return undefined;
      const { precision } = type;
      const units = timeUnits[logicalOf(writer) ?? ''] ?? (precision <= 3 ? 1 : 1000);
      return { kind: 'instant', units, precision };
    }
    case 'DECIMAL': {
      if ((writer.kind !== 'bytes' && writer.kind !== 'fixed') || logicalOf(writer) !== 'decimal')
        return undefined;
      if ((numberOf(writer, 'scale') ?? 0) !== type.scale) return undefined;
      return {
        kind: 'decimal',
        size: writer.kind === 'fixed' ? writer.size : undefined,
        precision: type.precision,
      };
    }
    case 'CHAR':
    case 'VARCHAR':
      if (writer.kind === 'string' || writer.kind === 'bytes') return { kind: 'text', size: undefined };
      if (writer.kind === 'enum') return { kind: 'symbol', symbols: symbolsFor(writer.symbols, reader) };
      return writer.kind === 'fixed' && logicalOf(writer) === 'uuid' && writer.size === 16
        ? { kind: 'uuid' }
        : undefined;
    case 'BINARY':
    case 'VARBINARY':
      if (writer.kind === 'fixed') return { kind: 'bytes', size: writer.size };
      return writer.kind === 'bytes' || writer.kind === 'string'
        ? { kind: 'bytes', size: undefined }
        : undefined;
    case 'ARRAY':
      if (writer.kind !== 'array') return undefined;
      return {
        kind: 'array',
        items: value(writer.items, type.element, `${name}[]`, branchOf(reader, 'array')?.items),
        bytesMin: bytesMin(writer.items),
        writer: writer.items,
      };
    case 'MAP':
      if (writer.kind !== 'map' || (type.key.kind !== 'CHAR' && type.key.kind !== 'VARCHAR'))
        return undefined;
      return {
        kind: 'map',
        values: value(writer.values, type.value, `${name}{}`, branchOf(reader, 'map')?.values),
        counts: false,
      };
    case 'MULTISET':
      if (writer.kind !== 'map' || (type.element.kind !== 'CHAR' && type.element.kind !== 'VARCHAR'))
        return undefined;
      return {
        kind: 'map',
        values: value(writer.values, { kind: 'INT', nullable: false }, `${name}{}`, undefined),
        counts: true,
      };
    case 'ROW':
      return writer.kind === 'record' ? record(writer, type.fields, `${name}.`, reader) : undefined;
    default:
      return undefined;
  }
}

/** A symbol that the reader's enum does not have is its default, where it has one. */
function symbolsFor(symbols: readonly string[], reader: AvroType | undefined): readonly string[] {
  const own = branchOf(reader, 'enum');
  const { default: otherwise } = own ?? {};
  if (own === undefined || otherwise === undefined) return symbols;
  return symbols.map((symbol) => (own.symbols.includes(symbol) ? symbol : otherwise));
}

/** Some place of it is a default: what the data lacks. */
export function hasDefaults(plan: AvroPlan): boolean {
  switch (plan.kind) {
    case 'union':
      return plan.branches.some(hasDefaults);
    case 'array':
      return hasDefaults(plan.items);
    case 'map':
      return hasDefaults(plan.values);
    case 'record':
      return plan.steps.some(
        (step) => step.kind === 'default' || (step.kind === 'read' && hasDefaults(step.plan)),
      );
    default:
      return false;
  }
}

function writerText(type: AvroType): string {
  const logical = logicalOf(type);
  const digits = numberOf(type, 'precision');
  const size = logical === 'decimal' ? `(${digits ?? '?'}, ${numberOf(type, 'scale') ?? 0})` : '';
  const suffix = logical === undefined ? '' : ` (${logical}${size})`;
  return `${type.kind === 'enum' || type.kind === 'array' || type.kind === 'int' ? 'an' : 'a'} ${type.kind}${suffix}`;
}

/** The fewest bytes that a value takes: what a count of them cannot exceed. */
export function bytesMin(type: AvroType, open: ReadonlySet<AvroType> = new Set()): number {
  switch (type.kind) {
    case 'null':
      return 0;
    case 'float':
      return 4;
    case 'double':
      return 8;
    case 'fixed':
      return type.size;
    case 'record': {
      if (open.has(type)) return 0;
      const inner = new Set([...open, type]);
      return type.fields.reduce((sum, field) => sum + bytesMin(field.type, inner), 0);
    }
    default:
      return 1;
  }
}
