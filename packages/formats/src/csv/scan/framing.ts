/* CSV records of a file, many at once: as `CsvFraming` finds them. */

import { i32, type Expr, type FunctionBuilder, type Label, type Local, type ThreadMemory } from '#wasm';
import type { BlockFraming } from '../../block-framing.ts';
import { afterLineEnd, isHalfLineEnd, newBlockFraming, type FramingEmit } from '../../scan/block-framing.ts';
import { byteAt, isByte, step } from '../../scan/emit.ts';
import { toStop } from '../../scan/search.ts';
import type { CsvSettings } from '../options.ts';
import { carriageReturn, csvCharacters, newline, type CsvCharacters } from './syntax.ts';

const zero = i32.const(0);
const one = i32.const(1);

/** Undefined for characters that are not for scanners. */
export function newCsvFraming(memory: ThreadMemory, settings: CsvSettings): BlockFraming | undefined {
  const characters = csvCharacters(settings);
  return characters && newBlockFraming(memory, (e) => search(e, characters));
}

function search(e: FramingEmit, characters: CsvCharacters): void {
  const { f, record, end, final } = e;
  const [p, next] = [f.local('i32'), f.local('i32')];
  f.block((done) => {
    f.loop((again) => {
      f.breakIf(done, i32.or(i32.geU(record, end), i32.geU(e.count, e.max)));
      f.set(p, record);
      if (characters.comments) takeComment(e, p, next, done, again);
      toLineEnd(f, p, end, characters);
      f.if(
        i32.geU(p, end),
        () => {
          f.breakIf(done, i32.eqz(final));
          f.set(p, end);
          f.set(next, end);
        },
        () => {
          f.breakIf(done, i32.and(i32.eqz(final), isHalfLineEnd(p, end)));
          afterLineEnd(f, p, end, next);
        },
      );
      e.found(p, next);
      f.break(again);
    });
  });
}

/** From a record's start to its line end, or to `end` or behind it. */
function toLineEnd(
  f: FunctionBuilder,
  p: Local<'i32'>,
  end: Local<'i32'>,
  { delimiter, quote, escape }: CsvCharacters,
): void {
  // A quote opens a cell at the record's start, or behind a delimiter that is one: not escaped, not in quotes.
  const opens = f.let(p);
  const plainFrom = f.let(p);
  const resume = (): void => {
    f.set(opens, zero);
    f.set(plainFrom, p);
  };
  const special = [quote, escape].filter((c) => c !== undefined);
  f.block((found) => {
    f.loop((again) => {
      toStop(f, p, end, [newline, carriageReturn, ...special]);
      f.breakIf(found, i32.geU(p, end));
      if (quote !== undefined) {
        f.if(isByte(byteAt(p), quote), () => {
          const before = i32.sub(p, one);
          const delimited = i32.and(i32.geU(before, plainFrom), isByte(byteAt(before), delimiter));
          f.if(
            i32.or(i32.eq(p, opens), delimited),
            () => {
              f.loop((cells) => {
                skipQuoted(f, p, end, quote, escape);
                // The next cell is in quotes too, as a rule.
                const next = i32.add(p, one);
                const opened = i32.and(isByte(byteAt(p), delimiter), isByte(byteAt(p, 1), quote));
                f.if(i32.and(i32.ltU(next, end), opened), () => {
                  step(f, p);
                  f.break(cells);
                });
              });
              resume();
            },
            () => step(f, p),
          );
          f.break(again);
        });
      }
      if (escape === undefined) f.break(found);
      else {
        f.breakIf(found, i32.eqz(isByte(byteAt(p), escape)));
        step(f, p, 2);
        resume();
        f.break(again);
      }
    });
  });
}

/** From an opening quote to behind the closing one, or to `end` or behind it. */
function skipQuoted(
  f: FunctionBuilder,
  p: Local<'i32'>,
  end: Local<'i32'>,
  quote: number,
  escape: number | undefined,
): void {
  step(f, p);
  f.block((closed) => {
    f.loop((again) => {
      toStop(f, p, end, escape === undefined ? [quote] : [quote, escape]);
      f.breakIf(closed, i32.geU(p, end));
      if (escape !== undefined) {
        f.if(isByte(byteAt(p), escape), () => {
          step(f, p, 2);
          f.break(again);
        });
      }
      step(f, p);
      f.breakIf(closed, i32.geU(p, end));
      f.breakIf(closed, i32.eqz(isByte(byteAt(p), quote)));
      step(f, p);
      f.break(again);
    });
  });
}

const isLineEnd = (at: Local<'i32'>): Expr<'i32'> =>
  i32.or(isByte(byteAt(at), newline), isByte(byteAt(at), carriageReturn));

/** A line that starts with #, after white space, is a record without bytes; so is one of blanks alone. */
function takeComment(
  { f, end, final, found }: FramingEmit,
  record: Local<'i32'>,
  next: Local<'i32'>,
  done: Label,
  again: Label,
): void {
  const at = f.let(record);
  f.while(i32.and(i32.ltU(at, end), isByte(byteAt(at), ' ')), () => step(f, at));
  f.if(i32.ltU(at, end), () =>
    f.if(i32.or(isByte(byteAt(at), '#'), isLineEnd(at)), () => {
      toStop(f, at, end, [newline, carriageReturn]);
      f.if(
        i32.geU(at, end),
        () => {
          f.breakIf(done, i32.eqz(final));
          f.set(next, end);
        },
        () => {
          f.breakIf(done, i32.and(i32.eqz(final), isHalfLineEnd(at, end)));
          afterLineEnd(f, at, end, next);
        },
      );
      found(record, next);
      f.break(again);
    }),
  );
}
