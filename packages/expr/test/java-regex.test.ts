/* Java's regular expressions: what each construct matches (answers of Java 17), and that the two ways of matching agree. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { javaRegex, javaSplit } from '../src/values/java-regex.ts';
import { emit } from '../src/values/regex/emit.ts';
import { Matching, needsMatching } from '../src/values/regex/match.ts';
import { parseJavaPattern } from '../src/values/regex/parse.ts';

/** The first occurrence and its groups. */
function found(pattern: string, text: string): readonly (string | null)[] | null | 'malformed' {
  const regex = javaRegex(pattern);
  if (regex === undefined) return 'malformed';
  const match = regex.find(text);
  if (match === undefined) return null;
  return Array.from({ length: regex.groups + 1 }, (_, i) => match.group(i));
}

test.each<[pattern: string, text: string, groups: ReturnType<typeof found>]>([
  ['[\\w-.]+@[\\w.-]+', 'ann.lee@x.org', ['ann.lee@x.org']],
  ['user\\_(\\d+)', 'user_42', ['user_42', '42']],
  ['a$', 'xa\n', ['a']],
  ['a$', 'a\nb', null],
  ['(?m)^b$', 'a\nb\nc', ['b']],
  ['a(?i)BC', 'abc', ['abc']],
  ['(?i:AB)c', 'abC', null],
  ['(?i)é', 'É', null],
  ['(?iu)é', 'É', ['É']],
  ['\\p{IsHan}+', 'a漢字b', ['漢字']],
  ['\\p{InGreek}+', 'xαβ', ['αβ']],
  ['\\p{Lu}', 'aB', ['B']],
  ['\\P{Alpha}+', 'ab12c', ['12']],
  ['[a-z&&[^bc]]+', 'bcad', ['ad']],
  ['[a-c[x-z]]+', 'mxaz', ['xaz']],
  ['[^\\d&&[^5]]+', '55a', ['55a']],
  ['\\Qa.b\\E', 'axb a.b', ['a.b']],
  ['a*+a', 'aaa', null],
  ['(?>a|ab)c', 'abc', null],
  ['(?<n>a)\\k<n>', 'baa', ['aa', 'a']],
  ['(a)|(b)\\1', 'b', null],
  // Groups keep what they matched inside a look-around or an atomic part that then failed, and from start to start.
  ['.*?(a)*+[ab]', 'a b', ['a b', 'a']],
  ['.*?(?>(a)*)[ab]', 'a b', ['a b', 'a']],
  ['.*?(?:(a)|c)*+[ab]', 'a b', ['a b', 'a']],
  ['(?!(a))', 'a', ['', 'a']],
  ['b|(?=(a))c', 'ab', ['b', 'a']],
  // A pass of nothing counts, and ends a loop.
  ['(a?)?', 'b', ['', '']],
  ['(a?)?+', 'b', ['', '']],
  ['(ab|a)+?(?:[ab]*?)*', 'aa', ['a', 'a']],
  ['(?:(a)|b)*', 'ab', ['ab', 'a']],
  ['(a*)*', 'b', ['', '']],
  ['\\R', 'a\r\nb', ['\r\n']],
  ['\\h+', 'a \tb', [' \t']],
  ['\\x{1F600}', 'x😀', ['😀']],
  ['.', '😀', ['😀']],
  ['(?<=a{1,2})b', 'ab', ['b']],
  ['(?<=a*)b', 'ab', 'malformed'],
  ['(?x) a b # no more', 'ab', ['ab']],
  ['\\0101', 'A', ['A']],
  ['[]a]+', 'a]', ['a]']],
  ['}]', '}]', ['}]']],
  ['a{2,3}?', 'aaa', ['aa']],
  ['a{', 'a{', 'malformed'],
  ['{', '{', 'malformed'],
  ['*', '*', 'malformed'],
  ['a**', 'a', 'malformed'],
  ['(', '(', 'malformed'],
  [')', ')', 'malformed'],
  ['[', '[', 'malformed'],
  ['\\', '\\', 'malformed'],
  ['\\y', 'y', 'malformed'],
  ['\\p{Nope}', 'y', 'malformed'],
  ['[b-a]', 'a', 'malformed'],
  ['\\bfoo\\b', 'a foo.', ['foo']],
  ['é\\b', 'é ', ['é']],
])('%s in %j', (pattern, text, groups) => {
  expect(found(pattern, text)).toEqual(groups);
});

test('all occurrences, the empty ones too', () => {
  const all = (pattern: string, text: string): unknown[] =>
    Array.from(javaRegex(pattern)!.all(text), (f) => [f.index, f.end]);
  expect(all('b*', 'abc')).toEqual([
    [0, 0],
    [1, 2],
    [2, 2],
    [3, 3],
  ]);
  expect(all('\\G[ab]', 'abcab')).toEqual([
    [0, 1],
    [1, 2],
  ]);
  expect(javaRegex('x*')!.replaceAll('axb', '-')).toBe('-a--b-');
});

test('splits as String.split', () => {
  expect(javaSplit('a,b,,', ',')).toEqual(['a', 'b']);
  expect(javaSplit(',a', ',')).toEqual(['', 'a']);
  expect(javaSplit('ab', '')).toEqual(['a', 'b']);
  expect(javaSplit('a=b=c', '=', 2)).toEqual(['a', 'b=c']);
});

describe('what might explode', () => {
  const text = 'a'.repeat(40);
  test.each(['(a+)+b', '(a|a)*b', '(a*)*b', '(?:a|aa)+b', '^(([a-z])+.)+[A-Z]([a-z])+'])(
    '%s ends soon',
    (pattern) => {
      const started = performance.now();
      expect(javaRegex(pattern)!.test(text)).toBe(false);
      expect(performance.now() - started).toBeLessThan(2000);
    },
  );
  test.each(['(?=a)(a+)+b', '(a+)+b$', '(a*)*\\1b'])(
    '%s, of which no linear engine knows, ends with an error',
    (p) => {
      expect(() => javaRegex(p)!.test(text)).toThrow('too many steps');
    },
  );
  test('in a text with surrogates too', () => {
    expect(() => javaRegex('(a+)+b')!.test(`😀${text}`)).toThrow('too many steps');
  });
});

const atom = fc.constantFrom(
  'a',
  'b',
  '[ab]',
  '[^a]',
  '.',
  '\\w',
  '(a)',
  '(b|a)',
  '(?:ab|a)',
  '(a?)',
  '((a)|b)',
  '(?>(a)|b)',
  '(?:[ab]*?)',
  '(?:\\b)',
  '^',
  '$',
  '(?=a)',
  '(?!b)',
  '(?<=a)',
  '(?>a+)',
  'é',
  '😀',
);
const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '??', '{1,2}', '{2}', '*+', '?+');
const pattern = fc
  .array(fc.tuple(atom, quantifier), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map(([a, q]) => a + q).join(''));
const subject = fc
  .array(fc.constantFrom('a', 'b', 'c', ' ', '\n', '\r', 'é', '😀'), { maxLength: 7 })
  .map((c) => c.join(''));

test('JavaScript’s expression and the matcher find the same', () => {
  fc.assert(
    fc.property(pattern, subject, (source, text) => {
      const { node, groups } = parseJavaPattern(source);
      if (needsMatching(node)) return;
      const unicode = /[\ud800-\udfff]/.test(text);
      const emitted = emit(node, unicode);
      const match = new RegExp(emitted.source, unicode ? 'u' : '').exec(text);
      const places = new Matching(node, groups).find(text, 0);
      const theirs = match && Array.from({ length: groups + 1 }, (_, i) => match[emitted.groups[i]!] ?? null);
      const ours =
        places === undefined
          ? null
          : Array.from({ length: groups + 1 }, (_, i) =>
              places[2 * i]! < 0 ? null : text.slice(places[2 * i], places[2 * i + 1]),
            );
      expect(ours, `/${source}/ in ${JSON.stringify(text)}`).toEqual(theirs);
    }),
    { numRuns: 3000 },
  );
});
