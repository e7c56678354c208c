/* Rows → CSV in WebAssembly, byte for byte as encoder.ts writes them. */

import {
  i32,
  v128,
  wildCopy,
  type Expr,
  type FunctionBuilder,
  type FunctionRef,
  type ModuleBuilder,
} from '#wasm';
import type { LogicalType } from '#data';
import type { BlockEncoder, BlockEncoderSpec } from '../block-encoder.ts';
import {
  around,
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
import { writeDelimited } from '../block/delimited.ts';
import { FormBlockEncoder, type MessageForm } from '../block/encoder.ts';
import type { Out } from '../block/out.ts';
import { append, eachByte, skip, splat, textSignature, within, type EscapeState } from '../block/text.ts';
import { csvCellWriter, escapeOf, greatestQuoted, lookedAtMax } from './encoder.ts';
import { csvSettings, type CsvSettings } from './options.ts';

export function csvBlockEncoder(spec: BlockEncoderSpec): BlockEncoder | undefined {
  return FormBlockEncoder.create(spec, new CsvForm(csvSettings(spec.options)));
}

class CsvForm implements MessageForm {
  readonly separator = ' ';
  readonly nestsRows = false;
  readonly #settings: CsvSettings;

  constructor(settings: CsvSettings) {
    this.#settings = settings;
  }
  writer(type: LogicalType): CellWriter {
    return csvCellWriter(type, this.#settings);
  }
  code(type: LogicalType, wide: boolean): CellCode | undefined {
    switch (type.kind) {
      case 'BOOLEAN':
        return writeBoolean('false', 'true');
      case 'TINYINT':
      case 'SMALLINT':
      case 'INT':
        return writeInt;
      case 'BIGINT':
        return writeExact;
      case 'DECIMAL':
        if (wide) return undefined;
        return writeDecimal(type.scale, this.#settings.scientificDecimals ? 'scientific' : 'plain');
      case 'DATE':
        return this.#quoted(writeDate, '-', '');
      case 'TIME':
        return this.#quoted(writeClock, ':', '.');
      case 'TIMESTAMP':
        return this.#quoted(writeTimestamp, '-: ', '.');
      case 'TIMESTAMP_LTZ':
        return this.#quoted(around('', writeTimestamp, 'Z'), '-: Z', '.');
      case 'CHAR':
      case 'VARCHAR':
        return writeText;
      default:
        return undefined;
    }
  }
  /** A text of digits and the characters `always` and maybe `sometimes`, in quotes or not. Where that hangs on the value
   *  the row encoder's writer decides. */
  #quoted(code: CellCode, always: string, sometimes: string): CellCode | undefined {
    const { quote, escape } = this.#settings;
    if (quote === undefined) return code;
    const all = `0123456789${always}${sometimes}`;
    if (all.includes(quote) || (escape !== undefined && all.includes(escape))) return undefined;
    const asks = (c: string): boolean =>
      c.charCodeAt(0) <= greatestQuoted(this.#settings) || c === escapeOf(this.#settings);
    if ([...always].some(asks)) return around(quote, code, quote);
    // Dates and times are short; timestamps may be too long to be looked at.
    return [...all].some(asks) || always.includes(' ') ? undefined : code;
  }
  addText(
    m: ModuleBuilder,
    helpers: { readonly copy: FunctionRef; readonly units: FunctionRef },
  ): FunctionRef {
    return addQuotedText(m, this.#settings, helpers);
  }
  message(out: Out, cells: readonly Cell[]): void {
    writeDelimited(out, cells, this.#settings.delimiter, this.#settings.nullLiteral ?? '');
  }
}

/** A text function: in quotes where its length or a byte asks for them. What is no UTF-8 the reference mends. */
function addQuotedText(
  m: ModuleBuilder,
  settings: CsvSettings,
  { copy, units }: { readonly copy: FunctionRef; readonly units: FunctionRef },
): FunctionRef {
  const { quote } = settings;
  const quoteCode = i32.const((quote ?? '"').charCodeAt(0));
  const doubled = addDoubled(m, settings);
  return m.function(textSignature, (f) => {
    const [start, length] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const [to, room] = [f.param(2, 'i32'), f.param(3, 'i32')];
    const seen = look(f, start, length, settings);
    const long = f.let(length);
    f.if(seen.high, () => {
      f.set(long, f.call(units, 'i32', start, i32.add(start, length)));
      f.if(i32.ltS(long, i32.const(0)), () => f.return(i32.const(0)));
    });
    if (quote === undefined) return f.return(f.call(copy, 'i32', start, length, to, room));
    f.if(i32.eqz(i32.or(seen.asks, i32.gtS(long, i32.const(lookedAtMax)))), () =>
      f.return(f.call(copy, 'i32', start, length, to, room)),
    );
    f.if(i32.gtS(i32.add(i32.add(to, length), i32.const(2)), room), () => f.return(i32.const(0)));
    f.store8(to, quoteCode);
    f.set(to, i32.add(to, i32.const(1)));
    f.if(
      seen.doubles,
      () => {
        f.set(to, f.call(doubled, 'i32', start, length, to, room));
        f.if(i32.eqz(to), () => f.return(to));
      },
      () => {
        wildCopy(f, to, start, length);
        f.set(to, i32.add(to, length));
      },
    );
    f.store8(to, quoteCode);
    f.return(i32.add(to, i32.const(1)));
  });
}

/** Goes once over a text: does a byte ask for quotes, is one to be doubled, is one not ASCII? Not 0 for yes. */
function look(
  f: FunctionBuilder,
  start: Expr<'i32'>,
  length: Expr<'i32'>,
  settings: CsvSettings,
): { readonly asks: Expr<'i32'>; readonly doubles: Expr<'i32'>; readonly high: Expr<'i32'> } {
  const [asks, doubles, high] = [f.local('i32'), f.local('i32'), f.local('i32')];
  const vector = f.local('v128');
  const p = f.let(start);
  const left = f.let(length);
  const equals = (c: string): Expr<'v128'> => v128.eq8(vector, splat(c.charCodeAt(0)));
  const { quote, escape } = settings;
  const low = v128.ltU8(vector, splat(greatestQuoted(settings) + 1));
  const marks = [quote, escape].filter((c) => c !== undefined).map(equals);
  const either = (vectors: readonly Expr<'v128'>[]): Expr<'i32'> =>
    vectors.length === 0 ? i32.const(0) : v128.bitmask8(vectors.reduce((a, b) => v128.or(a, b)));
  f.while(i32.gtS(left, i32.const(0)), () => {
    f.set(vector, v128.load(p));
    const count = f.let(i32.sub(left, i32.const(16)));
    f.if(i32.gtS(count, i32.const(0)), () => f.set(count, i32.const(0)));
    f.set(count, i32.add(count, i32.const(16)));
    for (const [flag, mask] of [
      [asks, either([low, equals(escapeOf(settings))])],
      [doubles, either(marks)],
      [high, v128.bitmask8(vector)],
    ] as const) {
      f.set(flag, i32.or(flag, within(mask, count)));
    }
    f.set(p, i32.add(p, i32.const(16)));
    f.set(left, i32.sub(left, i32.const(16)));
  });
  return { asks, doubles, high };
}

/** A text function: quotes and escapes are doubled; where both are one character, twice. */
function addDoubled(m: ModuleBuilder, { quote, escape }: CsvSettings): FunctionRef {
  return m.function(textSignature, (f) => {
    const start = f.param(0, 'i32');
    const end = f.let(i32.add(start, f.param(1, 'i32')));
    const t: EscapeState = { start, p: f.let(start), end, to: f.param(2, 'i32'), room: f.param(3, 'i32') };
    const again = quote === escape ? 3 : 1;
    eachByte(f, t, (c) => {
      skip(f, t);
      append(f, t, c);
      const marks = [...new Set([quote, escape])].filter((mark) => mark !== undefined);
      for (const mark of marks) {
        f.if(i32.eq(c, i32.const(mark.charCodeAt(0))), () => {
          for (let i = 0; i < again; i++) append(f, t, c);
        });
      }
    });
  });
}
