import { expect, test } from 'vitest';
import { UserError } from '#base';
import { parseExpression } from '#sql';
import { tokenize } from '../src/lexer.ts';

const kinds = (text: string): string[] =>
  tokenize(text).map(({ kind, text: shown }) => `${kind} ${shown}`.trim());

test('words, names, numbers, strings and operators', () => {
  expect(kinds("a `b``c` 1.5 .5 1e3 'it''s' X'0a' <> => || .")).toEqual([
    'word a',
    'quoted b`c',
    'number 1.5',
    'number .5',
    'number 1e3',
    "string it's",
    'binary 0a',
    'operator <>',
    'operator =>',
    'operator ||',
    'operator .',
    'end',
  ]);
});

test('comments vanish, hints stay', () => {
  expect(kinds('a -- b\n/* c\n */ // d\n/*+ e */ f')).toEqual([
    'word a',
    'operator /*+',
    'word e',
    'operator */',
    'word f',
    'end',
  ]);
});

test('the end of a hint is a product and a quotient elsewhere', () => {
  expect(kinds('a*/b')).toEqual(['word a', 'operator *', 'operator /', 'word b', 'end']);
});

test('an e without digits begins a word', () => {
  expect(kinds('1e 2ex')).toEqual(['number 1', 'word e', 'number 2', 'word ex', 'end']);
});

test('words have letters of every script', () => {
  expect(kinds('größe 价格 a1 𝒳y')).toEqual(['word größe', 'word 价格', 'word a1', 'word 𝒳y', 'end']);
});

test('places count lines and columns from one, over comments and strings of many lines', () => {
  const tokens = tokenize("a /* x\n y */ b 'c\n d' e\r\n  f");
  expect(tokens.map(({ line, column }) => `${line}:${column}`)).toEqual([
    '1:1',
    '2:7',
    '2:9',
    '3:5',
    '4:3',
    '4:4',
  ]);
  expect(tokens.map(({ start, end }) => [start, end]).slice(0, 2)).toEqual([
    [0, 1],
    [13, 14],
  ]);
});

test('what never ends is one token, and the text is used up', () => {
  expect(kinds("a 'b; c")).toEqual(['word a', "unterminated '", 'end']);
  expect(kinds('a /* b; c')).toEqual(['word a', 'unterminated /*', 'end']);
});

test('a lone surrogate is refused, not looped over', () => {
  expect(kinds('a \ud800 b')).toEqual(['word a', 'unknown \ud800', 'word b', 'end']);
});

test('escapes of U& strings', () => {
  expect(parseExpression("U&'caf\\00e9 \\\\ \\+01F600'")).toMatchObject({
    kind: 'string',
    value: 'café \\ 😀',
  });
  expect(parseExpression("U&'!0041!!' UESCAPE '!'")).toMatchObject({ kind: 'string', value: 'A!' });
  expect(() => parseExpression("U&'\\+110000'")).toThrow(UserError);
});

test('strings on following lines are one', () => {
  expect(parseExpression("'a'\n'b'\n'c'")).toMatchObject({ kind: 'string', value: 'abc' });
  expect(() => parseExpression("'a' 'b'")).toThrow(UserError);
});
