/* Functions of text that work on bytes give what the interpreter gives on decoded text: every function, in every place of an
 * expression, on text of one to four bytes a character, NULL and empty; and simple patterns find what Java's matcher finds. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { BatchBuilder, readRow, types, type Row, type Value } from '#data';
import { bindCall, compileCalc, evaluate, literal, type Expr } from '#expr';
import { byteProgram } from '../src/values/regex/byte-program.ts';
import { parseJavaPattern } from '../src/values/regex/parse.ts';
import { testContext } from './contexts.ts';

const context = testContext();
const input = [types.STRING, types.STRING, types.INT, types.INT];
const [s, t, n, m] = input.map((type, index): Expr => ({ kind: 'column', index, type }));
const str = (value: string): Expr => literal(value, types.STRING);
const int = (value: number): Expr => literal(value, types.INT);
const call = (fn: string, ...args: Expr[]): Expr => bindCall(fn, args);

/** The same rows, compiled and interpreted. */
function agree(exprs: readonly Expr[], rows: readonly Row[], where?: Expr): void {
  const program = compileCalc({ inputTypes: input, where, project: exprs, forFull: true });
  const builder = new BatchBuilder(input);
  for (const row of rows) builder.appendRow(row, 0);
  const batch = builder.build();
  const outTypes = exprs.map((e) => e.type);
  const found: Row[] = [];
  for (let at = 0; at < batch.rows; ) {
    const { batch: part, next } = program.run(batch, at, context);
    for (let row = 0; row < part.rows; row++) found.push(readRow(part, outTypes, row));
    at = next;
  }
  const passing = where === undefined ? rows : rows.filter((row) => evaluate(where, row, context) === true);
  expect(found).toEqual(passing.map((row) => exprs.map((e): Value => evaluate(e, row, context))));
}

const characters = ['a', 'B', 'z', 'Z', '=', '&', '1', ' ', 'é', 'ß', 'İ', 'Σ', '中', '😀'];
function textOf(rng: Rng, of: readonly string[] = characters, longest = 12): string | null {
  if (rng.below(12) === 0) return null;
  return Array.from({ length: rng.below(longest) }, () => rng.pick(of)).join('');
}
const rowsOf = (rng: Rng, count: number): Row[] =>
  Array.from({ length: count }, () => [
    textOf(rng),
    rng.below(4) === 0 ? 'x'.repeat(rng.below(300)) : textOf(rng),
    rng.below(10) === 0 ? null : rng.below(16) - 8,
    rng.below(10) === 0 ? null : rng.below(12) - 2,
  ]);

const parts: readonly (readonly [string, (of: Expr) => Expr])[] = [
  ['LOWER', (of) => call('LOWER', of)],
  ['UPPER', (of) => call('UPPER', of)],
  ['SUBSTRING from', (of) => call('SUBSTRING', of, n!)],
  ['SUBSTRING from for', (of) => call('SUBSTRING', of, n!, m!)],
  ['SUBSTRING of constants', (of) => call('SUBSTRING', of, int(2), int(3))],
  ['SUBSTRING for a negative', (of) => call('SUBSTRING', of, int(2), int(-1))],
  ['LEFT', (of) => call('LEFT', of, n!)],
  ['RIGHT', (of) => call('RIGHT', of, n!)],
  ['SPLIT_INDEX', (of) => call('SPLIT_INDEX', of, str('='), int(1))],
  ['REGEXP_EXTRACT', (of) => call('REGEXP_EXTRACT', of, str('(&|^)a=([^&]*)'), int(2))],
];
const uses: readonly (readonly [string, (of: Expr) => Expr])[] = [
  ['alone', (of) => of],
  ['compared', (of) => call('=', of, str('ab'))],
  ['compared with a column', (of) => call('<', of, t!)],
  ['LIKE', (of) => call('LIKE', of, str('a%'))],
  ['its length', (of) => call('CHAR_LENGTH', of)],
  ['joined', (of) => call('CONCAT', of, str('|'), t!)],
];

test.each(parts)('%s', (_, make) => {
  const rng = new Rng(3);
  const rows = rowsOf(rng, 2000);
  for (const [, use] of uses) agree([use(make(s!)), s!, use(make(t!))], rows);
  for (const [, inner] of parts) agree([make(inner(s!)), inner(make(t!))], rows.slice(0, 400));
  agree([make(s!), make(call('LOWER', t!))], rows, call('<>', make(t!), str('')));
});

/** Patterns of the simple kind and of kinds near it. */
function patternOf(rng: Rng): string {
  const one = (): string =>
    rng.pick(['a', 'b', '=', '&', '[ab]', '[^&]', '[^=]', '\\d', '\\w', '[a-z]', 'a', 'b', '=', 'é', '.']);
  const item = (): string =>
    one() + rng.pick(['', '', '', '', '*', '+', '?', '++', '*', '', '', '*?', '{2}']);
  const row = (): string => Array.from({ length: 1 + rng.below(4) }, item).join('');
  const head = rng.pick(['', '', '(&|^)', '^', '(a|b)', '(^|=|&)', '(?:b|^)']);
  const tail = rng.pick(['', '', '$', '(b)']);
  return `${head}${rng.pick([row(), `(${row()})`, `${item()}(${row()})${item()}`, `(${row()})(${row()})`])}${tail}`;
}

test('patterns by chance: what is taken for simple finds what the matcher finds', () => {
  const rng = new Rng(9);
  const of = ['a', 'b', '=', '&', '1', 'é', '😀', '\n'];
  let simple = 0;
  for (let round = 0; round < 2500; round++) {
    const pattern = patternOf(rng);
    const groups = parseJavaPattern(pattern).groups;
    const group = rng.below(groups + 1);
    if (byteProgram(parseJavaPattern(pattern), group) !== undefined) simple++;
    const rows = Array.from({ length: 60 }, (): Row => [textOf(rng, of), null, 0, 0]);
    agree([call('REGEXP_EXTRACT', s!, str(pattern), int(group))], rows);
  }
  expect(simple).toBeGreaterThan(300);
});

test('a longer text', () => {
  const text = 'a'.repeat(3000);
  for (const pattern of ['[a-z]+1', 'a[^=]*=', '(a|^)b', '[^&]*&', '(&|^)a=([^&]*)'])
    agree([call('REGEXP_EXTRACT', s!, str(pattern), int(0))], [[`${text}é`, null, 0, 0]]);
});

test('a text that no string can hold is an error of the data', () => {
  const program = compileCalc({
    inputTypes: input,
    where: undefined,
    project: [call('REPEAT', s!, int(2_147_483_647))],
  });
  const builder = new BatchBuilder(input);
  builder.appendRow(['abc', null, 0, 0], 0);
  expect(() => program.run(builder.build(), 0, context)).toThrow(/longer than 536,870,888 characters/);
});

test('lengths and constants that bytes decide', () => {
  const rng = new Rng(17);
  const of = ['a', 'é', '中', '😀'];
  const rows = Array.from({ length: 600 }, (): Row => [textOf(rng, of, 7), textOf(rng, of, 3), 0, 0]);
  // Those without NULL take a variant of their own.
  const full = rows.filter((row) => !row.includes(null));
  const both = (exprs: readonly Expr[], where?: Expr): void => {
    for (const some of [rows, full]) agree(exprs, some, where);
  };
  for (const operator of ['=', '<>', '<', '<=', '>', '>='])
    for (const bound of [-1, 0, 1, 2, 3, 5, 6, 7])
      both([call(operator, call('CHAR_LENGTH', s!), int(bound)), call('CHAR_LENGTH', t!)]);
  const within = call(
    'AND',
    call('>=', call('CHAR_LENGTH', s!), int(2)),
    call('<=', call('CHAR_LENGTH', s!), int(4)),
  );
  both([s!, t!], call('OR', within, call('=', t!, str('é中'))));
  const constants = ['', 'a', 'é', '中', '😀a', 'x'.repeat(40)].map(str);
  for (const constant of constants)
    both([call('=', s!, constant), call('<>', constant, t!), call('IN', s!, constant, str('aa'))]);
  both([call('IN', call('SUBSTRING', s!, int(2), int(1)), ...constants.slice(0, 5))]);
});
