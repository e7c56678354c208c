/* Avro records → columns: the code for a plan, value by value. Types that hold themselves, and what only the decoder can say, are
 * for it. */

import { assert, present } from '#base';
import { narrowMax } from '#data';
import type { AvroType } from '#schemas';
import { f32, f64, i32, i64, type Label } from '#wasm';
import { cell, writeNull, writeValid } from '../../scan/cells.ts';
import { advance, byteAt } from '../../scan/emit.ts';
import {
  checkEnd,
  checkExact,
  checkInt,
  one,
  readText,
  readVarint,
  readZigzag,
  skipBytes,
  takeLength,
  zero,
  type BinaryEmit,
} from '../../scan/binary.ts';
import type { LeafSlot, RowSlot, Slot } from '../../scan/slots.ts';
import { bytesMin, type AvroPlan, type AvroRecordPlan } from '../read-plan.ts';

const exactMax = BigInt(narrowMax);

/** Where the texts of enums lie: for each a list of starts and lengths, 8 bytes a symbol. */
export type SymbolPlaces = ReadonlyMap<readonly string[], number>;
export interface AvroEmit extends BinaryEmit {
  readonly symbols: SymbolPlaces;
}

/** Reads the record at the cursor into the row. */
export function readRecord(e: AvroEmit, plan: AvroRecordPlan, row: RowSlot, bad: Label): void {
  const there = new Set(plan.steps.flatMap((step) => (step.kind === 'read' ? [step.cell] : [])));
  for (const [i, field] of row.fields.entries()) if (!there.has(i)) writeNull(e, field.slot);
  for (const step of plan.steps) {
    assert(step.kind !== 'default', "rows with defaults are the decoder's");
    if (step.kind === 'skip') skip(e, step.type, bad, new Set());
    else readValue(e, step.plan, row.fields[step.cell]!.slot, bad);
  }
}

function readValue(e: AvroEmit, plan: AvroPlan, slot: Slot, bad: Label): void {
  const { f } = e;
  if (plan.kind === 'null') return writeNull(e, slot);
  if (plan.kind === 'union') return readUnion(e, plan.branches, slot, bad);
  if (plan.kind === 'record') {
    if (slot.kind !== 'row') return f.break(bad);
    writeValid(e, slot);
    return readRecord(e, plan, slot, bad);
  }
  if (slot.kind === 'row') return f.break(bad);
  writeValid(e, slot);
  readLeaf(e, plan, slot, bad);
}

function readUnion(e: AvroEmit, branches: readonly AvroPlan[], slot: Slot, bad: Label): void {
  const { f } = e;
  readVarint(e, bad);
  const branch = f.let(i32.wrapI64(e.number));
  f.block((done) => {
    for (const [i, plan] of branches.entries())
      f.if(i32.eq(branch, i32.const(i * 2)), () => {
        readValue(e, plan, slot, bad);
        f.break(done);
      });
    f.break(bad);
  });
}

function readLeaf(e: AvroEmit, plan: AvroPlan, slot: LeafSlot, bad: Label): void {
  const { f, p, a, number } = e;
  switch (plan.kind) {
    case 'boolean':
      f.set(a, byteAt(p));
      f.breakIf(bad, i32.gtU(a, one));
      f.store(cell(e, 2), a, slot.values);
      return skipBytes(e, 1, bad);
    case 'integer':
      readZigzag(e, bad);
      checkInt(e, plan.min, plan.max, bad);
      return f.store(cell(e, 2), i32.wrapI64(number), slot.values);
    case 'bigint':
      readZigzag(e, bad);
      checkExact(e, exactMax, bad);
      return f.store(cell(e, 3), f64.convertI64S(number), slot.values);
    case 'double':
      return readDouble(e, plan, slot, bad);
    case 'time':
      readZigzag(e, bad);
      checkRange(e, 86_400_000n * BigInt(plan.units), bad);
      f.set(number, i64.divU(number, i64.const(BigInt(plan.units))));
      return f.store(cell(e, 2), i32.wrapI64(number), slot.values);
    case 'instant':
      readZigzag(e, bad);
      return writeInstant(e, plan, slot, bad);
    case 'decimal':
      return readDecimal(e, plan, slot, bad);
    case 'text':
      readZigzag(e, bad);
      takeLength(e, bad);
      return readText(e, slot, bad);
    case 'symbol': {
      readZigzag(e, bad);
      checkRange(e, BigInt(plan.symbols.length), bad);
      const place = present(e.symbols.get(plan.symbols), 'symbols are placed before the code is written');
      f.set(a, i32.shl(i32.wrapI64(number), i32.const(3)));
      f.store(cell(e, 2), i32.load(a, place), slot.values);
      return f.store(cell(e, 2), i32.load(a, place + 4), slot.second);
    }
    default:
      return f.break(bad);
  }
}
function checkRange(e: AvroEmit, bound: bigint, bad: Label): void {
  e.f.breakIf(bad, i64.geU(e.number, i64.const(bound)));
}

function readDouble(e: AvroEmit, plan: AvroPlan & { kind: 'double' }, slot: LeafSlot, bad: Label): void {
  const { f, p, number } = e;
  if (plan.wire === 'double' || plan.wire === 'float') {
    const wide = plan.wire === 'double';
    f.store(cell(e, 3), wide ? f64.load(p) : f64.promoteF32(f32.load(p)), slot.values);
    return skipBytes(e, wide ? 8 : 4, bad);
  }
  readZigzag(e, bad);
  // Rounded once, as the decoder does: a number beyond is for it.
  checkExact(e, exactMax, bad);
  const value = f64.convertI64S(number);
  f.store(cell(e, 3), plan.single ? f64.promoteF32(f32.demoteF64(value)) : value, slot.values);
}

function writeInstant(
  e: AvroEmit,
  { units, precision }: AvroPlan & { kind: 'instant' },
  slot: LeafSlot,
  bad: Label,
): void {
  const { f, number } = e;
  if (units === 1) {
    checkExact(e, exactMax, bad);
    f.store(cell(e, 3), f64.convertI64S(number), slot.values);
    if (slot.second !== 0) f.store(cell(e, 2), zero, slot.second);
    return;
  }
  const unit = i64.const(BigInt(units));
  const ms = f.let(i64.divS(number, unit));
  const part = f.let(i64.sub(number, i64.mul(ms, unit)));
  // Rounded down, before 1970 too.
  f.if(i64.ltS(part, i64.const(0n)), () => {
    f.set(ms, i64.sub(ms, i64.const(1n)));
    f.set(part, i64.add(part, unit));
  });
  f.store(cell(e, 3), f64.convertI64S(ms), slot.values);
  if (slot.second === 0) return;
  const ns = i32.wrapI64(units === 1000 ? i64.mul(part, i64.const(1000n)) : part);
  const kept = precision <= 6 ? i32.sub(ns, i32.remU(ns, i32.const(1000))) : ns;
  f.store(cell(e, 2), kept, slot.second);
}

/** Up to eight bytes, the highest first. */
function readDecimal(e: AvroEmit, plan: AvroPlan & { kind: 'decimal' }, slot: LeafSlot, bad: Label): void {
  const { f, p, a, number } = e;
  if (plan.size === undefined) {
    readZigzag(e, bad);
    takeLength(e, bad);
  } else f.set(a, i32.const(plan.size));
  const stop = f.let(i32.add(p, a));
  f.breakIf(bad, i32.gtU(a, i32.const(8)));
  f.breakIf(bad, i32.eqz(a));
  f.breakIf(bad, i32.gtU(stop, e.end));
  f.set(number, i64.extendI32S(i32.load8S(p)));
  advance(e, 1);
  f.while(i32.ltU(p, stop), () => {
    f.set(number, i64.or(i64.shl(number, i64.const(8n)), i64.extendI32U(byteAt(p))));
    advance(e, 1);
  });
  const most = 10n ** BigInt(plan.precision) - 1n;
  checkExact(e, most < exactMax ? most : exactMax, bad);
  f.store(cell(e, 3), f64.convertI64S(number), slot.values);
}

function skip(e: AvroEmit, type: AvroType, bad: Label, open: ReadonlySet<AvroType>): void {
  const { f, number } = e;
  switch (type.kind) {
    case 'null':
      return;
    case 'boolean':
      return skipBytes(e, 1, bad);
    case 'int':
    case 'long':
    case 'enum':
      return readVarint(e, bad);
    case 'float':
      return skipBytes(e, 4, bad);
    case 'double':
      return skipBytes(e, 8, bad);
    case 'fixed':
      return type.size > 1 << 20 ? f.break(bad) : skipFixed(e, type.size, bad);
    case 'bytes':
    case 'string':
      readZigzag(e, bad);
      takeLength(e, bad);
      return advance(e, e.a);
    case 'union': {
      readVarint(e, bad);
      const branch = f.let(i32.wrapI64(number));
      f.block((done) => {
        for (const [i, inner] of type.branches.entries())
          f.if(i32.eq(branch, i32.const(i * 2)), () => {
            skip(e, inner, bad, open);
            f.break(done);
          });
        f.break(bad);
      });
      return;
    }
    case 'record': {
      if (open.has(type)) return f.break(bad);
      const inner = new Set([...open, type]);
      for (const field of type.fields) skip(e, field.type, bad, inner);
      return;
    }
    case 'array':
      return skipBlocks(e, bytesMin(type.items), () => skip(e, type.items, bad, open), bad);
    case 'map':
      return skipBlocks(
        e,
        1,
        () => {
          skip(e, { kind: 'string', properties: new Map() }, bad, open);
          skip(e, type.values, bad, open);
        },
        bad,
      );
  }
}
/** Checked before: the cursor may not get far behind the record. */
function skipFixed(e: AvroEmit, size: number, bad: Label): void {
  e.f.breakIf(bad, i32.gtU(i32.const(size), i32.sub(e.end, e.p)));
  advance(e, size);
}
/** Items that take no bytes are for the decoder. */
function skipBlocks(e: AvroEmit, least: number, item: () => void, bad: Label): void {
  const { f, number } = e;
  if (least === 0) {
    f.break(bad);
    return;
  }
  const count = f.local('i64');
  f.block((done) => {
    f.loop((blocks) => {
      readZigzag(e, bad);
      f.breakIf(done, i64.eqz(number));
      f.if(
        i64.ltS(number, i64.const(0n)),
        () => {
          readZigzag(e, bad);
          takeLength(e, bad);
          advance(e, e.a);
        },
        () => {
          f.set(count, number);
          f.loop((items) => {
            item();
            checkEnd(e, bad);
            f.set(count, i64.sub(count, i64.const(1n)));
            f.breakIf(items, i64.ne(count, i64.const(0n)));
          });
        },
      );
      f.break(blocks);
    });
  });
}

/** The enums that a plan reads. */
export function symbolsOf(plan: AvroPlan): (readonly string[])[] {
  switch (plan.kind) {
    case 'symbol':
      return [plan.symbols];
    case 'union':
      return plan.branches.flatMap(symbolsOf);
    case 'record':
      return plan.steps.flatMap((step) => (step.kind === 'read' ? symbolsOf(step.plan) : []));
    default:
      return [];
  }
}
