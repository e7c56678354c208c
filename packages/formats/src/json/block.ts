/* Rows → JSON objects in WebAssembly, byte for byte as encoder.ts writes them. */

import { quoteJson } from '#base';
import type { LogicalType } from '#data';
import { i32, v128, type Expr, type FunctionBuilder, type FunctionRef, type ModuleBuilder } from '#wasm';
import type { BlockEncoder, BlockEncoderSpec } from '../block-encoder.ts';
import {
  around,
  isValid,
  writeBoolean,
  writeClock,
  writeDate,
  writeDecimal,
  writeExact,
  writeInt,
  writeText,
  writeTimestamp,
  type Cell,
  type CellCode,
  type CellWriter,
} from '../block/cell.ts';
import { FormBlockEncoder, type MessageForm } from '../block/encoder.ts';
import type { Out } from '../block/out.ts';
import { addEscapedCopy, append, eachByte, skip, splat, type EscapeState } from '../block/text.ts';
import { jsonCellWriter } from './encoder.ts';
import { jsonEncodeSettings, type JsonEncodeSettings } from './options.ts';

export function jsonBlockEncoder(spec: BlockEncoderSpec): BlockEncoder | undefined {
  return FormBlockEncoder.create(spec, new JsonForm(jsonEncodeSettings(spec.options)));
}

class JsonForm implements MessageForm {
  readonly separator: ' ' | 'T';
  readonly nestsRows = true;
  readonly #settings: JsonEncodeSettings;

  constructor(settings: JsonEncodeSettings) {
    this.#settings = settings;
    this.separator = settings.style === 'SQL' ? ' ' : 'T';
  }
  writer(type: LogicalType): CellWriter {
    return jsonCellWriter(type, this.#settings);
  }
  code(type: LogicalType, wide: boolean): CellCode | undefined {
    switch (type.kind) {
      case 'BOOLEAN':
        return writeBoolean('false', 'true');
      case 'TINYINT':
      case 'SMALLINT':
      case 'INT':
      case 'INTERVAL_YEAR_MONTH':
        return writeInt;
      case 'BIGINT':
      case 'INTERVAL_DAY_TIME':
        return writeExact;
      case 'DECIMAL':
        if (wide) return undefined;
        return writeDecimal(type.scale, this.#settings.plainDecimals ? 'plain' : 'scientific');
      case 'DATE':
        return around('"', writeDate, '"');
      case 'TIME':
        return around('"', writeClock, '"');
      case 'TIMESTAMP':
        return around('"', writeTimestamp, '"');
      case 'TIMESTAMP_LTZ':
        return around('"', writeTimestamp, 'Z"');
      case 'CHAR':
      case 'VARCHAR':
        return around('"', writeText, '"');
      default:
        return undefined;
    }
  }
  addText(m: ModuleBuilder, { units }: { readonly units: FunctionRef }): FunctionRef {
    return addEscapedCopy(m, needsEscape, (f, t) => escapeRest(f, t, units));
  }

  message(out: Out, cells: readonly Cell[]): void {
    if (this.#settings.skipNulls) this.#presentFields(out, cells);
    else this.#allFields(out, cells);
  }
  #allFields(out: Out, cells: readonly Cell[]): void {
    out.bytes('{');
    cells.forEach((cell, i) => {
      out.bytes(`${i > 0 ? ',' : ''}${nameOf(cell)}`);
      out.choose(
        isValid(out, cell),
        () => this.#value(out, cell),
        () => out.bytes('null'),
      );
    });
    out.bytes('}');
  }
  /** A comma before each field; the first becomes the brace. */
  #presentFields(out: Out, cells: readonly Cell[]): void {
    const { f, to } = out;
    out.flush();
    const start = f.let(to);
    for (const cell of cells) {
      out.choose(
        isValid(out, cell),
        () => {
          out.bytes(`,${nameOf(cell)}`);
          this.#value(out, cell);
        },
        () => {},
      );
    }
    f.set(to, i32.add(to, i32.eq(to, start)));
    out.fixedBytes++;
    f.store8(start, i32.const(123));
    out.bytes('}');
  }
  #value(out: Out, cell: Cell): void {
    if (cell.fields === undefined) cell.write(out, cell);
    else this.message(out, cell.fields);
  }
}

const nameOf = (cell: Cell): string => `${quoteJson(cell.name, true)}:`;

/** What encoder.ts does not copy: controls, quotes, backslashes, and starts of characters beyond U+FFFF. */
const needsEscape = (vector: Expr<'v128'>): Expr<'v128'> =>
  v128.or(
    v128.or(v128.ltU8(vector, splat(32)), v128.gtU8(vector, splat(0xef))),
    v128.or(v128.eq8(vector, splat(34)), v128.eq8(vector, splat(92))),
  );

const hexDigit = (nibble: Expr<'i32'>): Expr<'i32'> =>
  i32.add(i32.add(nibble, i32.const(48)), i32.mul(i32.gtU(nibble, i32.const(9)), i32.const(7)));

/** Escapes go through text in the reference, which mends what is no UTF-8: that is left to it. */
function escapeRest(f: FunctionBuilder, t: EscapeState, units: FunctionRef): void {
  f.if(i32.ltS(f.call(units, 'i32', t.start, t.end), i32.const(0)), () => f.return(i32.const(0)));
  const unit = f.local('i32');
  const put = (byte: Expr<'i32'>): void => append(f, t, byte);
  const putUnit = (): void => {
    f.store16(t.to, i32.const(0x755c)); // \u
    for (let i = 0; i < 4; i++) {
      const nibble = f.let(i32.and(i32.shrU(unit, i32.const(12 - 4 * i)), i32.const(15)));
      f.store8(t.to, hexDigit(nibble), 2 + i);
    }
    f.set(t.to, i32.add(t.to, i32.const(6)));
  };
  eachByte(f, t, (c) => {
    f.block((done) => {
      f.if(i32.geU(c, i32.const(0xf0)), () => {
        surrogates(f, t, c, unit, putUnit);
        f.break(done);
      });
      skip(f, t);
      for (const [byte, letter] of shortEscapes) {
        f.if(i32.eq(c, i32.const(byte)), () => {
          f.store16(t.to, i32.const(0x5c | (letter.charCodeAt(0) << 8)));
          f.set(t.to, i32.add(t.to, i32.const(2)));
          f.break(done);
        });
      }
      f.if(
        i32.ltU(c, i32.const(32)),
        () => {
          f.set(unit, c);
          putUnit();
        },
        () => put(c),
      );
    });
  });
}
const shortEscapes = [
  [34, '"'],
  [92, '\\'],
  [8, 'b'],
  [12, 'f'],
  [10, 'n'],
  [13, 'r'],
  [9, 't'],
] as const;

/** Four bytes of a character as two escapes. */
function surrogates(
  f: FunctionBuilder,
  t: EscapeState,
  lead: Expr<'i32'>,
  unit: ReturnType<typeof f.local<'i32'>>,
  putUnit: () => void,
): void {
  const bits = (offset: number, shift: number): Expr<'i32'> =>
    i32.shl(i32.and(i32.load8U(t.p, offset), i32.const(63)), i32.const(shift));
  const high = i32.shl(i32.and(lead, i32.const(7)), i32.const(18));
  const code = f.let(
    i32.sub(i32.or(i32.or(high, bits(1, 12)), i32.or(bits(2, 6), bits(3, 0))), i32.const(0x10000)),
  );
  skip(f, t, 4);
  f.set(unit, i32.or(i32.const(0xd800), i32.shrU(code, i32.const(10))));
  putUnit();
  f.set(unit, i32.or(i32.const(0xdc00), i32.and(code, i32.const(0x3ff))));
  putUnit();
}
