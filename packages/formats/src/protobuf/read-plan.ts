/* How fields of a message become cells of a table, worked out once, when a decoder is made.
 *
 *   message {1: int64 id, 2: string note, 3: …}  ×  (note STRING, id BIGINT)
 *     ──▶ tag 8 ▶ cell 1 │ tag 18 ▶ cell 0 │ every other tag ▶ skipped */

import { typeText, type Field, type LogicalType, type Value } from '#data';
import { isTimestampMessage, wrappedField } from './known-messages.ts';
import { madeFields, madeKind, type MadeKind } from './made-values.ts';
import type { EnumValues, FieldType, MessageField, MessageType, ScalarName } from './message-type.ts';

/** What one value becomes. */
export type ProtoPlan =
  | { readonly kind: 'scalar'; readonly scalar: ScalarName; readonly make: ScalarMake }
  | { readonly kind: 'enum'; readonly values: EnumValues; readonly asText: boolean; readonly bits: number }
  | { readonly kind: 'message'; readonly group: boolean; readonly message: ProtoMessagePlan }
  | { readonly kind: 'timestamp'; readonly precision: number }
  /** A message that stands for a date, a time or a decimal. */
  | {
      readonly kind: 'made';
      readonly made: MadeKind;
      readonly type: LogicalType;
      readonly message: ProtoMessagePlan;
    }
  /** A message around one value of field 1. */
  | { readonly kind: 'wrapper'; readonly value: ProtoPlan & { readonly kind: 'scalar' } };
/** How the number that is read becomes the column's value. */
export type ScalarMake = 'same' | 'bigint' | 'signed' | 'signed64' | 'bits8' | 'bits16';

export interface ProtoFieldPlan {
  readonly field: MessageField;
  readonly cell: number;
  readonly plan: ProtoPlan;
  readonly key: ProtoPlan | undefined;
  /** Where the field is not there. */
  readonly absent: Value;
}
export interface ProtoMessagePlan {
  readonly fields: readonly ProtoFieldPlan[];
  readonly cells: number;
  /** Of columns that the message does not have. */
  readonly missing: readonly number[];
}

export interface ProtoReading {
  /** 'read-default-values'. */
  readonly defaults: boolean;
  /** Columns that the message does not have are NULL: it is of another version. Else they are an error. */
  readonly mayLack: boolean;
}

/** Throws `PlanRefusal` where a column and its field do not fit. */
export class PlanRefusal extends Error {}

export function planMessage(
  message: MessageType,
  fields: readonly Field[],
  reading: ProtoReading,
  path = '',
): ProtoMessagePlan {
  const plans: ProtoFieldPlan[] = [];
  const missing: number[] = [];
  for (const [cell, { name, type }] of fields.entries()) {
    const field = message.fields.find((f) => f.name === name);
    if (field !== undefined) plans.push(planField(field, cell, type, reading, `${path}${name}`));
    else if (reading.mayLack && type.nullable) missing.push(cell);
    else
      throw new PlanRefusal(`column '${path}${name}': the message '${message.fullName}' has no such field`);
  }
  return { fields: plans, cells: fields.length, missing };
}

function planField(
  field: MessageField,
  cell: number,
  type: LogicalType,
  reading: ProtoReading,
  name: string,
): ProtoFieldPlan {
  const refuse = (): never => {
    throw new PlanRefusal(
      `column '${name}': its field is ${fieldText(field)}, which is no ${typeText({ ...type, nullable: true })}`,
    );
  };
  if (!field.repeated) {
    const plan = planValue(field.type, type, reading, name) ?? refuse();
    return { field, cell, plan, key: undefined, absent: absentOf(field, plan, type, reading) };
  }
  const absent = reading.defaults || !type.nullable;
  if (field.key !== undefined) {
    if (type.kind !== 'MAP') return refuse();
    const key = planValue(field.key, type.key, reading, `${name}{}`) ?? refuse();
    const plan = planValue(field.type, type.value, reading, `${name}{}`) ?? refuse();
    return { field, cell, plan, key, absent: absent ? { entries: [] } : null };
  }
  if (type.kind !== 'ARRAY') return refuse();
  const plan = planValue(field.type, type.element, reading, `${name}[]`) ?? refuse();
  return { field, cell, plan, key: undefined, absent: absent ? [] : null };
}

/** Without presence a value that is not there is the default; with it, NULL where the column may be. */
function absentOf(
  field: MessageField,
  plan: ProtoPlan,
  type: LogicalType,
  { defaults }: ProtoReading,
): Value {
  if (field.presence && !defaults && type.nullable) return null;
  return defaultOf(plan, field.defaultText);
}

const intBits: Readonly<Record<string, number>> = { TINYINT: 8, SMALLINT: 16, INT: 32, BIGINT: 64 };

function planValue(
  from: FieldType,
  type: LogicalType,
  reading: ProtoReading,
  name: string,
): ProtoPlan | undefined {
  if (from.kind === 'enum') {
    const asText = type.kind === 'CHAR' || type.kind === 'VARCHAR';
    const bits = intBits[type.kind];
    if (!asText && bits === undefined) return undefined;
    return { kind: 'enum', values: from.values, asText, bits: bits ?? 0 };
  }
  if (from.kind === 'scalar') {
    const make = scalarMake(from.scalar, type);
    return make && { kind: 'scalar', scalar: from.scalar, make };
  }
  if (type.kind === 'ROW')
    return {
      kind: 'message',
      group: from.group,
      message: planMessage(from.message, type.fields, reading, `${name}.`),
    };
  if ((type.kind === 'TIMESTAMP' || type.kind === 'TIMESTAMP_LTZ') && isTimestampMessage(from.message))
    return { kind: 'timestamp', precision: type.precision };
  const parts = madeFields(from.message, type);
  const made = madeKind(from.message);
  if (parts !== undefined && made !== undefined) {
    const message = planMessage(from.message, parts, { defaults: true, mayLack: false }, `${name}.`);
    return { kind: 'made', made, type, message };
  }
  const wrapped = wrappedField(from.message);
  const value = wrapped && planValue(wrapped.type, type, reading, name);
  return value?.kind === 'scalar' ? { kind: 'wrapper', value } : undefined;
}

/** Undefined where the column's type holds no such values. */
function scalarMake(scalar: ScalarName, { kind, ...type }: LogicalType): ScalarMake | undefined {
  switch (scalar) {
    case 'double':
      return kind === 'DOUBLE' ? 'same' : undefined;
    case 'float':
      return kind === 'FLOAT' || kind === 'DOUBLE' ? 'same' : undefined;
    case 'bool':
      return kind === 'BOOLEAN' ? 'same' : undefined;
    case 'string':
      return kind === 'CHAR' || kind === 'VARCHAR' ? 'same' : undefined;
    case 'bytes':
      return kind === 'BINARY' || kind === 'VARBINARY' ? 'same' : undefined;
    case 'int32':
    case 'sint32':
    case 'sfixed32':
      if (kind === 'TINYINT' || kind === 'SMALLINT') return kind === 'TINYINT' ? 'bits8' : 'bits16';
      return kind === 'INT' ? 'same' : kind === 'BIGINT' ? 'bigint' : undefined;
    case 'uint32':
    case 'fixed32':
      return kind === 'INT' ? 'signed' : kind === 'BIGINT' ? 'bigint' : undefined;
    case 'int64':
    case 'sint64':
    case 'sfixed64':
      return kind === 'BIGINT' ? 'same' : undefined;
    case 'uint64':
    case 'fixed64': {
      const { precision = 0, scale = -1 } = type as { precision?: number; scale?: number };
      if (kind === 'DECIMAL' && scale === 0 && precision >= 20) return 'same';
      return kind === 'BIGINT' ? 'signed64' : undefined;
    }
  }
}

/** The value that stands for none: that of the file (proto2), or the type's. */
export function defaultOf(plan: ProtoPlan, text?: string): Value {
  switch (plan.kind) {
    case 'scalar':
      return scalarDefault(plan.scalar, plan.make, text);
    case 'enum': {
      const { values } = plan;
      const number = (text === undefined ? undefined : values.numbers.get(text)) ?? values.first;
      if (plan.asText) return values.names.get(number) ?? String(number);
      return plan.bits === 64 ? BigInt(number) : number;
    }
    case 'message':
      return rowOf(plan.message, []);
    case 'timestamp':
      return { ms: 0, ns: 0 };
    case 'made':
      return plan.made === 'decimal' ? 0n : 0;
    case 'wrapper':
      return defaultOf(plan.value);
  }
}
function scalarDefault(scalar: ScalarName, make: ScalarMake, text: string | undefined): Value {
  switch (scalar) {
    case 'bool':
      return text === 'true';
    case 'string':
      return text ?? '';
    case 'bytes':
      return Buffer.from(text ?? '', 'latin1');
    case 'double':
    case 'float': {
      const value =
        text === undefined ? 0 : text === 'nan' ? Number.NaN : Number(text.replace('inf', 'Infinity'));
      return scalar === 'float' ? Math.fround(value) : value;
    }
    default: {
      const value = BigInt(text ?? 0);
      if (/64$/.test(scalar)) return make === 'signed64' ? BigInt.asIntN(64, value) : value;
      return make === 'bigint' ? value : Number(BigInt.asIntN(32, value));
    }
  }
}

/** A row of what was read by cell; what was not is absent. */
export function rowOf({ fields, cells }: ProtoMessagePlan, read: readonly (Value | undefined)[]): Value[] {
  const row = new Array<Value>(cells).fill(null);
  for (const { cell, absent } of fields) row[cell] = read[cell] ?? absent;
  return row;
}

function fieldText({ type, key, repeated }: MessageField): string {
  const of = typeOfText(type);
  if (key !== undefined) return `a map of ${typeOfText(key)} to ${of}`;
  return repeated ? `repeated ${of}` : of;
}
const typeOfText = (type: FieldType): string =>
  type.kind === 'scalar'
    ? type.scalar
    : type.kind === 'enum'
      ? `the enum '${type.values.fullName}'`
      : `the message '${type.message.fullName}'`;
