/* Columns → messages one behind the other, by WebAssembly written for the fields and the format.
 *
 *   columns ──▶ input: addresses ──▶ a loop over rows, a stretch of code a cell ──▶ messages │ ends
 *
 * A format gives a `MessageForm`: code for the types that it has code for, its row encoder's writers for all others,
 * whose texts are made beforehand. Numbers of a column may lie wide in one batch and narrow in the next: the code is
 * made anew for each way that the data shows. */

import { present } from '#base';
import type { Column, Field, LogicalType } from '#data';
import { i32, ModuleBuilder, type Region, type ThreadMemory } from '#wasm';
import type { BlockEncoder, BlockEncoderSpec } from '../block-encoder.ts';
import { entryWords, writeMade, type Cell, type CellCode, type CellWriter } from './cell.ts';
import { addHelpers, type TextStyle } from './helpers.ts';
import { BlockInput } from './input.ts';
import { Out, overshoot } from './out.ts';
import { minuteCacheBytes } from './time.ts';

/** How a format writes messages. */
export interface MessageForm extends TextStyle {
  /** Code for cells of a type; undefined: the row encoder's writer makes their text. `wide`: they may lie as 64-bit
   *  integers. */
  code(type: LogicalType, wide: boolean): CellCode | undefined;
  /** Rows within rows are written field by field; else by the writer. */
  readonly nestsRows: boolean;
  writer(type: LogicalType): CellWriter;
  /** Code for a message of these cells. */
  message(out: Out, cells: readonly Cell[]): void;
}

/** What the encoder of a form is made for: a form knows the options itself. */
export type FormSpec = Omit<BlockEncoderSpec, 'options'>;

/** (rows, address, where texts end at most) → rows written. */
type Kernel = (rows: number, at: number, room: number) => number;
interface Program {
  readonly cells: readonly Cell[];
  readonly kernel: Kernel;
  /** Behind a row's texts. */
  readonly fixedBytes: number;
}

/** Bytes of strings and made texts that one call takes. */
const textBytes = 1 << 20;
/** Ways in which numbers lie that are kept; data that shows more is rare. */
const programsMax = 8;

export class FormBlockEncoder implements BlockEncoder {
  readonly rowsMax: number;
  readonly ends: Int32Array;
  readonly endsAddress: number;
  readonly #memory: ThreadMemory;
  readonly #spec: FormSpec;
  readonly #form: MessageForm;
  readonly #head: Region;
  readonly #entries: number;
  readonly #input: BlockInput;
  readonly #programs = new Map<string, Program>();
  /** Rows that the next call tries: fewer after one that had no room for all, more after one that had. */
  #tried: number;

  private constructor(spec: FormSpec, form: MessageForm, head: Region, input: BlockInput) {
    this.#spec = spec;
    this.#form = form;
    this.#memory = spec.memory;
    this.#head = head;
    this.#input = input;
    this.rowsMax = spec.rowsMax;
    this.#tried = spec.rowsMax;
    this.endsAddress = head.address + minuteCacheBytes;
    this.ends = new Int32Array(spec.memory.memory.buffer, this.endsAddress, spec.rowsMax);
    this.#entries = this.endsAddress + spec.rowsMax * 4;
    spec.memory.bytes.fill(255, head.address, head.address + minuteCacheBytes);
  }
  /** Undefined when the memory has no room. */
  static create(spec: FormSpec, form: MessageForm): FormBlockEncoder | undefined {
    const { memory, rowsMax } = spec;
    const cells = cellCount(spec.fields, form.nestsRows);
    const head = memory.allocate(minuteCacheBytes + (rowsMax + cells * entryWords) * 4);
    if (head === undefined) return undefined;
    const entries = {
      address: head.address + minuteCacheBytes + rowsMax * 4,
      words: cells * entryWords,
    };
    const input = BlockInput.create(memory, rowsMax, cells, textBytes, entries);
    if (input !== undefined) return new FormBlockEncoder(spec, form, head, input);
    memory.free(head);
    return undefined;
  }
  release(): void {
    this.#input.release();
    this.#memory.free(this.#head);
  }

  encode(
    columns: readonly Column[],
    _kinds: Uint8Array | undefined,
    from: number,
    to: number,
    at: number,
    limit: number,
  ): number {
    const { cells, kernel, fixedBytes } = this.#program(columns);
    const wanted = Math.min(to - from, this.#tried);
    const laid = this.#input.lay(cells, columns, from, wanted);
    const rows = kernel(laid, at, limit - fixedBytes - overshoot);
    this.#tried = Math.min(this.rowsMax, rows < wanted ? rows + Math.ceil(wanted / 8) : this.#tried * 2);
    return from + rows;
  }

  #program(columns: readonly Column[]): Program {
    const way = columns.map(wayOf).join('');
    const known = this.#programs.get(way);
    if (known !== undefined) return known;
    if (this.#programs.size >= programsMax) this.#programs.clear();
    const program = this.#compile(columns);
    this.#programs.set(way, program);
    return program;
  }
  #compile(columns: readonly Column[]): Program {
    const cells = this.#cells(this.#spec.fields, columns, { next: this.#entries });
    const m = new ModuleBuilder();
    const helpers = addHelpers(m, this.#form, this.#head.address);
    let fixedBytes = 0;
    m.function({ params: ['i32', 'i32', 'i32'], results: ['i32'], name: 'encode' }, (f) => {
      const [row, to, room] = [f.local('i32'), f.param(1, 'i32'), f.param(2, 'i32')];
      f.block((stop) => {
        const out = new Out(f, helpers, { to, row, room }, stop);
        f.loop((again) => {
          f.breakIf(stop, i32.geU(row, f.param(0, 'i32')));
          f.breakIf(stop, i32.gtS(to, room));
          this.#form.message(out, cells);
          out.bytes(this.#spec.terminator);
          out.flush();
          f.store(i32.shl(row, i32.const(2)), to, this.endsAddress);
          f.set(row, i32.add(row, i32.const(1)));
          f.break(again);
        });
        fixedBytes = out.fixedBytes;
      });
      f.return(row);
    });
    const { encode } = this.#memory.instantiate(m.finish());
    return { cells, kernel: present(encode, 'the function just written') as Kernel, fixedBytes };
  }
  #cells(fields: readonly Field[], columns: readonly Column[], entries: { next: number }): Cell[] {
    return fields.map(({ name, type }, i): Cell => {
      const column = columns[i]!;
      const entry = entries.next;
      entries.next += entryWords * 4;
      const cell = { name, type, entry };
      if (type.kind === 'ROW' && column.layout === 'row' && this.#form.nestsRows) {
        const inner = this.#cells(type.fields, column.fields, entries);
        return { ...cell, wide: false, fields: inner, maker: undefined, write: writeMade };
      }
      const wide = column.layout === 'exact' && column.wide;
      const code = this.#form.code(type, wide);
      const maker = code === undefined ? this.#form.writer(type) : undefined;
      return { ...cell, wide, fields: undefined, maker, write: code ?? writeMade };
    });
  }
}

/** How a column lies, as far as the code depends on it. */
function wayOf(column: Column): string {
  if (column.layout === 'row') return column.fields.map(wayOf).join('');
  return column.layout === 'exact' && column.wide ? 'w' : 'n';
}

function cellCount(fields: readonly Field[], nestsRows: boolean): number {
  let cells = 0;
  for (const { type } of fields)
    cells += 1 + (type.kind === 'ROW' && nestsRows ? cellCount(type.fields, true) : 0);
  return cells;
}
