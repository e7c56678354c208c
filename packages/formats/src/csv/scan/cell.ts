/* Functions that find one cell of a record, with quotes, doubled quotes and escapes undone. A cell that needs no undoing
 * is a slice of its record, another goes to the frame's text. What they are not sure of is for the reference. */

import {
  i32,
  type FunctionBuilder,
  type FunctionRef,
  type Label,
  type Local,
  type ModuleBuilder,
} from '#wasm';
import { byteAt, isByte, isNotByte, step } from '../../scan/emit.ts';
import { head, type Frame } from '../../scan/frame.ts';
import { toStop } from '../../scan/search.ts';
import { bareStops, carriageReturn, newline, type CsvCharacters } from './syntax.ts';

const zero = i32.const(0);
const one = i32.const(1);

/** Adds (start of a cell, end of the record) → (behind the cell: at a delimiter or the record's end, or 0; where its text
 *  lies; how long it is). */
export function addCell(m: ModuleBuilder, frame: Frame, syntax: CsvCharacters): FunctionRef {
  const undo = addUndo(m, frame, syntax);
  return m.function({ params: ['i32', 'i32'], results: ['i32', 'i32', 'i32'] }, (f) => {
    const [p, end] = [f.param(0, 'i32'), f.param(1, 'i32')];
    const start = f.let(p);
    const length = f.local('i32');
    const { quote } = syntax;
    f.block((bad) => {
      if (quote !== undefined) {
        f.if(i32.and(i32.ltU(p, end), isByte(byteAt(p), quote)), () => {
          findQuote(f, { p, end, start, length }, { ...syntax, quote }, undo, bad);
          skipBlanks(f, p, end, syntax, bad);
          f.return(p, start, length);
        });
      }
      toStop(f, p, end, bareStops(syntax));
      f.if(i32.ltU(p, end), () => {
        f.if(isNotByte(byteAt(p), syntax.delimiter), () => {
          if (syntax.escape === undefined) f.break(bad);
          else {
            f.breakIf(bad, isNotByte(byteAt(p), syntax.escape));
            f.callInto([p, start, length], undo, start, end, zero);
            f.return(p, start, length);
          }
        });
        f.return(p, start, i32.sub(p, start));
      });
      f.return(end, start, i32.sub(end, start));
    });
    f.return(zero, zero, zero);
  });
}

interface CellLocals {
  readonly p: Local<'i32'>;
  readonly end: Local<'i32'>;
  readonly start: Local<'i32'>;
  readonly length: Local<'i32'>;
}

/** From the opening quote to behind the closing one. */
function findQuote(
  f: FunctionBuilder,
  { p, end, start, length }: CellLocals,
  { quote, escape }: CsvCharacters & { readonly quote: number },
  undo: FunctionRef,
  bad: Label,
): void {
  step(f, p);
  f.set(start, p);
  toStop(f, p, end, escape === undefined ? [quote] : [quote, escape]);
  f.breakIf(bad, i32.geU(p, end));
  const next = i32.add(p, one);
  const doubled = i32.and(i32.ltU(next, end), isByte(byteAt(p, 1), quote));
  f.if(
    i32.or(isNotByte(byteAt(p), quote), doubled),
    () => {
      f.callInto([p, start, length], undo, start, end, one);
      f.breakIf(bad, i32.eqz(p));
    },
    () => {
      f.set(length, i32.sub(p, start));
      step(f, p);
    },
  );
}

/** Behind a closing quote white space may stand. */
function skipBlanks(
  f: FunctionBuilder,
  p: Local<'i32'>,
  end: Local<'i32'>,
  { delimiter }: CsvCharacters,
  bad: Label,
): void {
  f.block((done) => {
    f.loop((again) => {
      f.breakIf(done, i32.geU(p, end));
      f.breakIf(done, isByte(byteAt(p), delimiter));
      f.breakIf(bad, i32.gtU(byteAt(p), i32.const(32)));
      f.breakIf(bad, i32.or(isByte(byteAt(p), newline), isByte(byteAt(p), carriageReturn)));
      step(f, p);
      f.break(again);
    });
  });
}

/** Adds (start of the text, end of the record, in quotes or not) → (behind it, and behind its quote, or 0; where its text
 *  lies; how long it is). */
function addUndo(m: ModuleBuilder, frame: Frame, syntax: CsvCharacters): FunctionRef {
  const { delimiter, quote, escape } = syntax;
  return m.function({ params: ['i32', 'i32', 'i32'], results: ['i32', 'i32', 'i32'] }, (f) => {
    const [p, end, quoted] = [f.param(0, 'i32'), f.param(1, 'i32'), f.param(2, 'i32')];
    const start = f.let(i32.load(i32.const(frame.head), head.text));
    const to = f.let(start);
    const c = f.local('i32');
    const put = (): void => {
      f.store8(to, c);
      step(f, to);
    };
    f.block((bad) => {
      f.block((done) => {
        f.loop((again) => {
          f.breakIf(bad, i32.gtU(to, i32.const(frame.textEnd - 8)));
          f.if(i32.geU(p, end), () => {
            f.breakIf(bad, quoted);
            f.break(done);
          });
          f.set(c, byteAt(p));
          f.if(
            quoted,
            () => {
              if (quote === undefined) return;
              f.if(isByte(c, quote), () => {
                step(f, p);
                f.breakIf(done, i32.geU(p, end));
                f.breakIf(done, isNotByte(byteAt(p), quote));
                step(f, p);
                put();
                f.break(again);
              });
            },
            () => {
              f.breakIf(done, isByte(c, delimiter));
              f.breakIf(bad, i32.or(isByte(c, newline), isByte(c, carriageReturn)));
            },
          );
          step(f, p);
          if (escape !== undefined) {
            f.if(isByte(c, escape), () => {
              f.breakIf(bad, i32.geU(p, end));
              f.set(c, byteAt(p));
              step(f, p);
              escaped(f, c);
            });
          }
          put();
          f.break(again);
        });
      });
      // Readers of numbers stop here.
      f.store8(to, zero);
      f.store(i32.const(frame.head), to, head.text);
      f.return(p, start, i32.sub(to, start));
    });
    f.return(zero, zero, zero);
  });
}

/** What a letter behind an escape character stands for; every other character stands for itself. */
function escaped(f: FunctionBuilder, c: Local<'i32'>): void {
  const letters = { n: 10, r: 13, t: 9, '0': 0 };
  f.block((done) => {
    for (const [letter, byte] of Object.entries(letters)) {
      f.if(isByte(c, letter), () => {
        f.set(c, i32.const(byte));
        f.break(done);
      });
    }
  });
}
