/* CRC-32C: long stretches are folded into a few hundred bytes (crc32c-fold.ts), which tables sum up, eight bytes a step:
 * M. Kounavis, F. Berry, "A Systematic Approach to Building High Performance Software-Based CRC Generators", 2005. */

import { i32 } from '../instructions.ts';
import type { Expr } from '../code.ts';
import type { FunctionBuilder, FunctionRef } from '../function-builder.ts';
import type { ModuleBuilder } from '../module-builder.ts';
import { addFolds, foldBytes } from './crc32c-fold.ts';

const tableBytes = 8 * 256 * 4;
/** Bytes that the kernel needs of the memory: tables, and places to fold in. */
export const crcBytes = tableBytes + foldBytes;

/** Fills the tables that `addCrc32c` reads. */
export function writeCrcTables(memory: Uint8Array<ArrayBuffer>, address: number): void {
  const table = new Uint32Array(memory.buffer, address, tableBytes / 4);
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
}

/** Adds `crc32c(sum of what came before, or 0; address; length)`. At `address` there are `crcBytes`, which `writeCrcTables`
 *  has seen. */
export function addCrc32c(m: ModuleBuilder, address: number): void {
  const byTables = addByTables(m, address);
  const folds = addFolds(m, address + tableBytes);
  m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'], name: 'crc32c' }, (f) => {
    const register = f.let(i32.xor(f.param(0, 'i32'), i32.const(-1)));
    const p = f.param(1, 'i32');
    const length = f.param(2, 'i32');
    for (const { fold, bytesMin, rest } of folds) {
      f.if(i32.geU(length, i32.const(bytesMin)), () => {
        f.set(length, f.call(fold, 'i32', register, p, length));
        f.set(p, i32.const(rest));
        f.set(register, i32.const(0));
      });
    }
    f.return(i32.xor(f.call(byTables, 'i32', register, p, length), i32.const(-1)));
  });
}

/** Adds a function (register, address, length) → register. */
function addByTables(m: ModuleBuilder, tables: number): FunctionRef {
  return m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'] }, (f) => {
    const crc = f.param(0, 'i32');
    const p = f.param(1, 'i32');
    const end = f.let(i32.add(p, f.param(2, 'i32')));
    f.while(i32.leU(i32.add(p, i32.const(8)), end), () => {
      f.set(crc, eight(f, tables, crc, p));
      f.set(p, i32.add(p, i32.const(8)));
    });
    f.while(i32.ltU(p, end), () => {
      f.set(crc, i32.xor(i32.shrU(crc, i32.const(8)), look(tables, 0, i32.xor(crc, i32.load8U(p)), 0)));
      f.set(p, i32.add(p, i32.const(1)));
    });
    f.return(crc);
  });
}

/** The entry of table `table` for byte `byte` of `word`. */
function look(tables: number, table: number, word: Expr<'i32'>, byte: number): Expr<'i32'> {
  const moved = byte === 0 ? word : i32.shrU(word, i32.const(8 * byte));
  const index = byte === 3 ? moved : i32.and(moved, i32.const(255));
  return i32.load(i32.shl(index, i32.const(2)), tables + table * 1024);
}

/** The register behind eight more bytes. */
function eight(f: FunctionBuilder, tables: number, crc: Expr<'i32'>, p: Expr<'i32'>): Expr<'i32'> {
  const low = f.let(i32.xor(i32.load(p), crc));
  const high = f.let(i32.load(p, 4));
  const parts = [0, 1, 2, 3].flatMap((byte) => [
    look(tables, 7 - byte, low, byte),
    look(tables, 3 - byte, high, byte),
  ]);
  return parts.reduce((x, y) => i32.xor(x, y));
}
