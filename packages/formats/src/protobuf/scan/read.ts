/* Protobuf messages → columns: the code for a plan.
 *
 *   fields in the order of their numbers, as they are written as a rule ──▶ what stands there in any order, one by one
 *
 * The first pass reads each field once or finds it missing; the second reads what is left, of which the last counts. What only the
 * decoder can say is for it: messages in pieces, groups, constants without a name. */

import { narrowMax, type Instant, type Row, type Value } from '#data';
import { f32, f64, i32, i64, type Expr, type Label } from '#wasm';
import {
  checkExact,
  one,
  readText,
  readVarint,
  skipBytes,
  takeLength,
  zero,
  type BinaryEmit,
} from '../../scan/binary.ts';
import { cell, writeNull, writeValid } from '../../scan/cells.ts';
import { advance, byteAt } from '../../scan/emit.ts';
import type { LeafSlot, RowSlot, Slot } from '../../scan/slots.ts';
import { wire, wireOf, type EnumValues, type MessageType } from '../message-type.ts';
import type { ProtoFieldPlan, ProtoMessagePlan, ProtoPlan } from '../read-plan.ts';

const exactMax = BigInt(narrowMax);
/** Enums with constants up to here have a table of their names. */
export const enumNumberMax = 255;

export interface ProtoEmit extends BinaryEmit {
  /** For each enum a list of starts and lengths by number, 8 bytes each; a start of 0 is no constant. */
  readonly names: ReadonlyMap<EnumValues, number>;
}

/** Whether a plan has code; others are the decoder's alone. */
export function isScanned({ fields }: ProtoMessagePlan): boolean {
  return fields.every(
    ({ plan, absent }) =>
      plan.kind !== 'made' && isConstant(absent) && (plan.kind !== 'message' || isScanned(plan.message)),
  );
}
const isConstant = (value: Value): boolean =>
  Array.isArray(value) ? (value as Row).every(isConstant) : typeof value !== 'string' || value === '';

/** Reads the message from the cursor to `end` into the row. */
export function readMessage(
  e: ProtoEmit,
  message: MessageType,
  plan: ProtoMessagePlan,
  row: RowSlot,
  bad: Label,
): void {
  const { f, p, end } = e;
  for (const at of plan.missing) writeNull(e, row.fields[at]!.slot);
  for (const field of message.fields) {
    const own = plan.fields.find((o) => o.field === field);
    if (own === undefined) skipField(e, field.number, bad);
    else
      atTag(
        e,
        tagOf(own),
        () => readField(e, own, plan, row, bad),
        () => (own.field.required ? f.break(bad) : writeConstant(e, row.fields[own.cell]!.slot, own.absent)),
      );
  }
  f.while(i32.ltU(p, end), () => readAny(e, plan, row, bad));
}
const tagOf = ({ field }: ProtoFieldPlan): number => ((field.number << 3) | wireOf(field.type)) >>> 0;

/** A tag as it lies there. */
function tagBytes(tag: number): number[] {
  const bytes: number[] = [];
  for (let rest = tag; ; rest >>>= 7) {
    bytes.push(rest < 128 ? rest : (rest & 127) | 128);
    if (rest < 128) return bytes;
  }
}
const isTag = ({ p, end }: ProtoEmit, tag: number): Expr<'i32'> =>
  tagBytes(tag)
    .map((byte, i) => i32.eq(byteAt(p, i), i32.const(byte)))
    .reduce((x, y) => i32.and(x, y), i32.ltU(p, end));
function atTag(e: ProtoEmit, tag: number, then: () => void, otherwise: () => void): void {
  const passed = (): void => {
    advance(e, tagBytes(tag).length);
    then();
  };
  e.f.if(isTag(e, tag), passed, otherwise);
}

/** The next field, whichever it is. */
function readAny(e: ProtoEmit, plan: ProtoMessagePlan, row: RowSlot, bad: Label): void {
  const { f } = e;
  f.block((done) => {
    for (const own of plan.fields)
      f.if(isTag(e, tagOf(own)), () => {
        // A message that comes in pieces is merged: by the decoder.
        if (own.plan.kind === 'message') return f.break(bad);
        advance(e, tagBytes(tagOf(own)).length);
        readField(e, own, plan, row, bad);
        f.break(done);
      });
    readVarint(e, bad);
    f.breakIf(bad, i64.ltU(e.number, i64.const(8n)));
    skipByWire(e, i32.and(i32.wrapI64(e.number), i32.const(7)), bad);
  });
}
function skipByWire(e: ProtoEmit, type: Expr<'i32'>, bad: Label): void {
  const { f } = e;
  const kind = f.let(type);
  f.block((done) => {
    const when = (wireType: number, then: () => void): void =>
      f.if(i32.eq(kind, i32.const(wireType)), () => {
        then();
        f.break(done);
      });
    when(wire.varint, () => readVarint(e, bad));
    when(wire.bytes, () => skipLength(e, bad));
    when(wire.fixed64, () => skipBytes(e, 8, bad));
    when(wire.fixed32, () => skipBytes(e, 4, bad));
    f.break(bad);
  });
}
function skipLength(e: ProtoEmit, bad: Label): void {
  readVarint(e, bad);
  takeLength(e, bad);
  advance(e, e.a);
}
/** Past a field that is not read, however often it stands there. */
function skipField(e: ProtoEmit, number: number, bad: Label): void {
  const { f, p, end } = e;
  const head = tagBytes((number << 3) >>> 0);
  // All its tags have these bytes but for the lowest three bits.
  const first = i32.eq(i32.and(byteAt(p), i32.const(0xf8)), i32.const(head[0]!));
  const rest = head.slice(1).map((byte, i) => i32.eq(byteAt(p, i + 1), i32.const(byte)));
  const same = [first, ...rest].reduce((x, y) => i32.and(x, y));
  f.while(i32.and(i32.ltU(p, end), same), () => {
    const type = f.let(i32.and(byteAt(p), i32.const(7)));
    advance(e, head.length);
    skipByWire(e, type, bad);
  });
}

function readField(
  e: ProtoEmit,
  { field, cell: at, plan }: ProtoFieldPlan,
  message: ProtoMessagePlan,
  row: RowSlot,
  bad: Label,
): void {
  if (field.oneof !== undefined)
    for (const other of message.fields)
      if (other.field.oneof === field.oneof && other.cell !== at)
        writeConstant(e, row.fields[other.cell]!.slot, other.absent);
  const { slot } = row.fields[at]!;
  readValue(e, plan, slot, bad, field.type.kind === 'message' ? field.type.message : undefined);
}

function readValue(
  e: ProtoEmit,
  plan: ProtoPlan,
  slot: Slot,
  bad: Label,
  message: MessageType | undefined,
): void {
  const { f } = e;
  writeValid(e, slot);
  if (plan.kind === 'message') {
    if (slot.kind !== 'row' || plan.group || message === undefined) return f.break(bad);
    return within(e, bad, () => readMessage(e, message, plan.message, slot, bad));
  }
  if (slot.kind === 'row') return f.break(bad);
  switch (plan.kind) {
    case 'scalar':
      return readScalar(e, plan, slot, bad);
    case 'enum':
      return readEnum(e, plan, slot, bad);
    case 'timestamp':
      return within(e, bad, () => readTimestamp(e, slot, plan.precision, bad));
    case 'wrapper': {
      const type = wireOf({ kind: 'scalar', scalar: plan.value.scalar });
      return within(e, bad, () => {
        f.if(
          i32.ltU(e.p, e.end),
          () => {
            f.breakIf(bad, i32.ne(byteAt(e.p), i32.const((1 << 3) | type)));
            advance(e, 1);
            readScalar(e, plan.value, slot, bad);
          },
          () => writeConstant(e, slot, slot.layout === 'bytes' ? '' : 0),
        );
        f.breakIf(bad, i32.ne(e.p, e.end));
      });
    }
  }
}
/** With `end` where the value's length says, which is there. */
function within(e: ProtoEmit, bad: Label, body: () => void): void {
  const { f, p, a, end } = e;
  readVarint(e, bad);
  takeLength(e, bad);
  const outer = f.let(end);
  f.set(end, i32.add(p, a));
  // A cut within: what is read of the value does not end where it does.
  f.block((cut) => {
    f.block((inner) => {
      body();
      f.breakIf(inner, i32.ne(p, end));
      f.set(end, outer);
      f.break(cut);
    });
    f.break(bad);
  });
}

function readScalar(
  e: ProtoEmit,
  { scalar, make }: ProtoPlan & { kind: 'scalar' },
  slot: LeafSlot,
  bad: Label,
): void {
  const { f, p, number } = e;
  const type = wireOf({ kind: 'scalar', scalar });
  if (scalar === 'double' || scalar === 'float') {
    const wide = scalar === 'double';
    f.store(cell(e, 3), wide ? f64.load(p) : f64.promoteF32(f32.load(p)), slot.values);
    return skipBytes(e, wide ? 8 : 4, bad);
  }
  if (type === wire.bytes) {
    readVarint(e, bad);
    takeLength(e, bad);
    return readText(e, slot, bad);
  }
  if (type === wire.fixed64) {
    f.set(number, i64.load(p));
    skipBytes(e, 8, bad);
  } else if (type === wire.fixed32) {
    f.set(number, i64.extendI32U(i32.load(p)));
    skipBytes(e, 4, bad);
  } else readVarint(e, bad);
  if (scalar === 'bool') {
    f.store(cell(e, 2), i64.ne(number, i64.const(0n)), slot.values);
    return;
  }
  if (scalar === 'sint32' || scalar === 'sint64') {
    if (scalar === 'sint32') f.set(number, i64.and(number, i64.const(0xffff_ffffn)));
    const sign = i64.sub(i64.const(0n), i64.and(number, i64.const(1n)));
    f.set(number, i64.xor(i64.shrU(number, i64.const(1n)), sign));
  }
  writeInteger(e, scalar, make, slot, bad);
}
function writeInteger(e: ProtoEmit, scalar: string, make: string, slot: LeafSlot, bad: Label): void {
  const { f, number } = e;
  const isUnsigned = /^u|^fixed/.test(scalar);
  if (slot.layout === 'i32') {
    const value = i32.wrapI64(number);
    if (make === 'bits8' || make === 'bits16') {
      const half = make === 'bits8' ? 128 : 32768;
      f.breakIf(bad, i32.gtU(i32.add(value, i32.const(half)), i32.const(2 * half - 1)));
    }
    f.store(cell(e, 2), value, slot.values);
    return;
  }
  if (scalar.endsWith('32')) {
    const low = i32.wrapI64(number);
    f.set(number, isUnsigned ? i64.extendI32U(low) : i64.extendI32S(low));
  } else if (isUnsigned && make === 'same') f.breakIf(bad, i64.ltS(number, i64.const(0n)));
  checkExact(e, exactMax, bad);
  f.store(cell(e, 3), f64.convertI64S(number), slot.values);
}

function readEnum(e: ProtoEmit, plan: ProtoPlan & { kind: 'enum' }, slot: LeafSlot, bad: Label): void {
  const { f, a, number } = e;
  readVarint(e, bad);
  const table = e.names.get(plan.values);
  if (table === undefined) return f.break(bad);
  // A constant below zero takes ten bytes.
  f.breakIf(bad, i64.gtU(number, i64.const(BigInt(enumNumberMax))));
  f.set(a, i32.shl(i32.wrapI64(number), i32.const(3)));
  const start = i32.load(a, table);
  if (plan.asText || plan.values.closed) f.breakIf(bad, i32.eqz(start));
  if (plan.asText) {
    f.store(cell(e, 2), start, slot.values);
    f.store(cell(e, 2), i32.load(a, table + 4), slot.second);
  } else if (slot.layout === 'i32') {
    if (plan.bits === 8) f.breakIf(bad, i64.gtU(number, i64.const(127n)));
    f.store(cell(e, 2), i32.wrapI64(number), slot.values);
  } else f.store(cell(e, 3), f64.convertI64S(number), slot.values);
}

function readTimestamp(e: ProtoEmit, slot: LeafSlot, precision: number, bad: Label): void {
  const { f, p, end, number } = e;
  const seconds = f.let(i64.const(0n));
  const nanos = f.let(zero);
  f.if(i32.and(i32.ltU(p, end), i32.eq(byteAt(p), i32.const(8))), () => {
    advance(e, 1);
    readVarint(e, bad);
    f.set(seconds, number);
  });
  f.if(i32.and(i32.ltU(p, end), i32.eq(byteAt(p), i32.const(16))), () => {
    advance(e, 1);
    readVarint(e, bad);
    f.breakIf(bad, i64.gtU(number, i64.const(999_999_999n)));
    f.set(nanos, i32.wrapI64(number));
  });
  const first = 62_135_596_800n;
  f.breakIf(bad, i64.gtU(i64.add(seconds, i64.const(first)), i64.const(253_402_300_799n + first)));
  const million = i32.const(1_000_000);
  const ms = i64.add(i64.mul(seconds, i64.const(1000n)), i64.extendI32U(i32.divU(nanos, million)));
  f.store(cell(e, 3), f64.convertI64S(ms), slot.values);
  if (slot.second === 0) return;
  const ns = i32.remU(nanos, million);
  f.store(cell(e, 2), precision <= 6 ? i32.sub(ns, i32.remU(ns, i32.const(1000))) : ns, slot.second);
}

/** A value that is the same for every row; text is empty. */
function writeConstant(e: ProtoEmit, slot: Slot, value: Value): void {
  const { f } = e;
  if (value === null) return writeNull(e, slot);
  writeValid(e, slot);
  if (slot.kind === 'row') {
    for (const [i, field] of slot.fields.entries()) writeConstant(e, field.slot, (value as Row)[i]!);
    return;
  }
  switch (slot.layout) {
    case 'bytes':
      f.store(cell(e, 2), one, slot.values);
      return f.store(cell(e, 2), zero, slot.second);
    case 'i32':
      return f.store(cell(e, 2), i32.const(Number(value)), slot.values);
    case 'time':
      f.store(cell(e, 3), f64.const((value as Instant).ms ?? 0), slot.values);
      if (slot.second !== 0) f.store(cell(e, 2), zero, slot.second);
      return;
    default:
      return f.store(cell(e, 3), f64.const(Number(value)), slot.values);
  }
}

/** The enums that a plan reads. */
export function enumsOf({ fields }: ProtoMessagePlan): EnumValues[] {
  return fields.flatMap(({ plan }) => {
    if (plan.kind === 'message') return enumsOf(plan.message);
    return plan.kind === 'enum' ? [plan.values] : [];
  });
}
