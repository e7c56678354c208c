/* CRC-32C in four lanes: the table look-ups of one lane wait for each other, those of four lanes do not.
 *
 *   bytes  │ a: laneBytes │ b: laneBytes │ c: laneBytes │ d: laneBytes │ …
 *
 * The lanes are joined by moving a checksum forward over laneBytes zero bytes, which is linear: four table
 * look-ups. Eight bytes a step: M. Kounavis, F. Berry, "A Systematic Approach to Building High Performance
 * Software-Based CRC Generators", 2005. */

import { i32 } from '../instructions.ts';
import type { Expr, Local } from '../code.ts';
import type { FunctionBuilder } from '../function-builder.ts';
import type { ModuleBuilder } from '../module-builder.ts';

const laneBytes = 1024;
const wordTables = 8 * 256;
const shiftTables = 4 * 256;
/** Bytes that the tables take. */
export const crcTableBytes = (wordTables + shiftTables) * 4;

/** Fills the tables that `addCrc32c` reads. */
export function writeCrcTables(memory: Uint8Array<ArrayBuffer>, address: number): void {
  const table = new Uint32Array(memory.buffer, address, wordTables + shiftTables);
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    table[i] = c;
  }
  for (let t = 1; t < 8; t++) {
    for (let i = 0; i < 256; i++) {
      const c = table[(t - 1) * 256 + i]!;
      table[t * 256 + i] = (c >>> 8) ^ table[c & 255]!;
    }
  }
  for (let byte = 0; byte < 4; byte++) {
    for (let i = 0; i < 256; i++) {
      let c = (i << (8 * byte)) >>> 0;
      for (let zero = 0; zero < laneBytes; zero++) c = (c >>> 8) ^ table[c & 255]!;
      table[wordTables + byte * 256 + i] = c;
    }
  }
}

/** Adds `crc32c(address, length)`; `tables` is where the tables lie. */
export function addCrc32c(m: ModuleBuilder, tables: number): void {
  m.function({ params: ['i32', 'i32'], results: ['i32'], name: 'crc32c' }, (f) => {
    const p = f.param(0, 'i32');
    const end = f.let(i32.add(p, f.param(1, 'i32')));
    const a = f.let(i32.const(-1));
    const lanes = [a, f.local('i32'), f.local('i32'), f.local('i32')] as const;
    const stop = f.local('i32');
    f.while(i32.leU(i32.add(p, i32.const(4 * laneBytes)), end), () => {
      for (const lane of lanes.slice(1)) f.set(lane, i32.const(0));
      f.set(stop, i32.add(p, i32.const(laneBytes)));
      f.while(i32.ltU(p, stop), () => {
        lanes.forEach((lane, i) => step8(f, tables, lane, p, i * laneBytes));
        f.set(p, i32.add(p, i32.const(8)));
      });
      for (const lane of lanes.slice(1)) f.set(a, i32.xor(shifted(f, tables, a), lane));
      f.set(p, i32.add(p, i32.const(3 * laneBytes)));
    });
    f.while(i32.leU(i32.add(p, i32.const(8)), end), () => {
      step8(f, tables, a, p, 0);
      f.set(p, i32.add(p, i32.const(8)));
    });
    f.while(i32.ltU(p, end), () => {
      f.set(a, i32.xor(i32.shrU(a, i32.const(8)), look(tables, 0, i32.xor(a, i32.load8U(p)), 0)));
      f.set(p, i32.add(p, i32.const(1)));
    });
    f.return(i32.xor(a, i32.const(-1)));
  });
}

/** The entry of table `table` for byte `byte` of `word`. */
function look(tables: number, table: number, word: Expr<'i32'>, byte: number): Expr<'i32'> {
  const moved = byte === 0 ? word : i32.shrU(word, i32.const(8 * byte));
  const index = byte === 3 ? moved : i32.and(moved, i32.const(255));
  return i32.load(i32.shl(index, i32.const(2)), tables + table * 1024);
}

function step8(f: FunctionBuilder, tables: number, crc: Local<'i32'>, p: Expr<'i32'>, offset: number): void {
  const low = f.let(i32.xor(i32.load(p, offset), crc));
  const high = f.let(i32.load(p, offset + 4));
  const parts = [0, 1, 2, 3].flatMap((byte) => [
    look(tables, 7 - byte, low, byte),
    look(tables, 3 - byte, high, byte),
  ]);
  f.set(
    crc,
    parts.reduce((x, y) => i32.xor(x, y)),
  );
}

function shifted(f: FunctionBuilder, tables: number, crc: Local<'i32'>): Expr<'i32'> {
  const c = f.let(crc);
  return [0, 1, 2, 3].map((byte) => look(tables, 8 + byte, c, byte)).reduce((x, y) => i32.xor(x, y));
}
