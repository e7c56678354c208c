/* Regular expressions, in Java's syntax, and LIKE and SIMILAR TO. */

import { LRUCache, wellFormed } from '#base';
import { types, type Value } from '#data';
import { not, type CallCompiler } from '../compile/code.ts';
import { bindCall } from '../bind/bind-call.ts';
import type { CallExpr } from '../expression.ts';
import { badArgument } from '../values/data-errors.ts';
import { javaRegex, searched } from '../values/java-regex.ts';
import { byteProgram } from '../values/regex/byte-program.ts';
import type { Found, JavaRegex } from '../values/regex/compile.ts';
import { parseJavaPattern } from '../values/regex/parse.ts';
import { define } from './define.ts';
import type { FunctionEntry } from './entry.ts';
import { int, str } from './examples.ts';
import { gives, parameters, signatures } from './parameters.ts';

const { string, int: anInt } = parameters;

/** A LIKE pattern in pieces: text that stands for itself, and wildcards. */
type Piece = { readonly text: string } | { readonly any: 'one' | 'many' };

function likePieces(pattern: string, escape: string | undefined): Piece[] {
  if (escape !== undefined && [...escape].length !== 1)
    badArgument('LIKE', `the escape '${escape}' is not one character`);
  const pieces: Piece[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') pieces.push({ text });
    text = '';
  };
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    if (char === escape) {
      const next = chars[++i];
      if (next !== '%' && next !== '_' && next !== escape)
        badArgument('LIKE', `'${escape}' in '${pattern}' escapes nothing`);
      text += next;
    } else if (char === '%' || char === '_') {
      flush();
      pieces.push({ any: char === '%' ? 'many' : 'one' });
    } else text += char;
  }
  flush();
  return pieces;
}

const quote = (text: string): string => text.replace(/[\^$\\.*+?()[\]{}|/]/g, '\\$&');

function likeTest(pattern: string, escape: string | undefined): (text: string) => boolean {
  const source = likePieces(pattern, escape)
    .map((p) => ('text' in p ? quote(p.text) : p.any === 'many' ? '.*' : '.'))
    .join('');
  const regex = new RegExp(`^${source}$`, 'su');
  return (text) => regex.test(text);
}

/** SIMILAR TO: % and _ as in LIKE, | * + ? {m,n} ( ) [ ] as in regular expressions, and so . and ^ as Flink has them;
 *  the whole text must match. */
function similarTest(pattern: string, escape: string | undefined): (text: string) => boolean {
  if (escape !== undefined && [...escape].length !== 1)
    badArgument('SIMILAR TO', `the escape '${escape}' is not one character`);
  let source = '';
  let inClass = false;
  const chars = [...pattern];
  for (let i = 0; i < chars.length; i++) {
    const char = chars[i]!;
    if (char === escape)
      source += quote(chars[++i] ?? badArgument('SIMILAR TO', `'${pattern}' ends in its escape`));
    else if (inClass) {
      if (char === ']') inClass = false;
      source += char === '\\' ? '\\\\' : char;
    } else if (char === '[') {
      inClass = true;
      source += char;
    } else source += char === '%' ? '.*' : char === '_' ? '.' : /[$\\/]/.test(char) ? `\\${char}` : char;
  }
  const whole = `^(?:${source.replace(/\[:(\w+):\]/g, (_, name: string) => posix[name.toLowerCase()] ?? '')})$`;
  const regex = tryRegex(whole, 's') ?? badArgument('SIMILAR TO', `'${pattern}' is no pattern`);
  // Characters of two units count as one: those alone need the flag, which refuses some of what is usual.
  let ofPairs: RegExp | undefined;
  return (text) =>
    surrogate.test(text) ? (ofPairs ??= tryRegex(whole, 'su') ?? regex).test(text) : regex.test(text);
}
const surrogate = /[\ud800-\udfff]/;
function tryRegex(source: string, flags: string): RegExp | undefined {
  try {
    return new RegExp(source, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
const posix: Readonly<Record<string, string>> = {
  alpha: 'a-zA-Z',
  upper: 'A-Z',
  lower: 'a-z',
  digit: '0-9',
  alnum: 'a-zA-Z0-9',
  space: ' ',
  whitespace: '\\s',
};

type MakeTest = (pattern: string, escape: string | undefined) => (text: string) => boolean;

/** A body whose test is made once for a constant pattern, and remembered for the last ones otherwise. */
function patternBody(
  call: CallExpr,
  make: MakeTest,
): (text: string, pattern: string, escape?: string) => boolean {
  const tests = new LRUCache<string, (text: string) => boolean>(64);
  const [, pattern, escape] = call.args;
  if (
    pattern?.kind === 'literal' &&
    (escape === undefined || escape.kind === 'literal') &&
    pattern.value !== null
  ) {
    const test = make(pattern.value as string, escape?.value as string | undefined);
    return (text) => test(text);
  }
  return (text, given, escaped) => {
    const key = `${escaped ?? ''}\0${given}`;
    let test = tests.get(key);
    if (test === undefined) tests.set(key, (test = make(given, escaped)));
    return test(text);
  };
}

/** 'abc', 'abc%', '%abc', '%abc%' as a test on bytes. */
const compileLike: CallCompiler = (code, call) => {
  const [operand, pattern, escape] = call.args;
  if (pattern!.kind !== 'literal' || typeof pattern!.value !== 'string') return undefined;
  if (escape !== undefined && (escape.kind !== 'literal' || typeof escape.value !== 'string'))
    return undefined;
  const pieces = likePieces(pattern!.value, escape?.value as string | undefined);
  const shape = pieces
    .map((p) => ('text' in p ? 't' : p.any === 'many' ? '%' : '_'))
    .join('')
    .replace(/%+/g, '%');
  if (!['', 't', 't%', '%t', '%t%', '%'].includes(shape)) return undefined;
  const register = code.expr(operand!);
  if (register.slice === undefined) return undefined;
  const { data, start, length } = register.slice;
  const text = pieces.map((p) => ('text' in p ? p.text : '')).join('');
  const bytes = new Uint8Array(Buffer.from(text, 'utf8'));
  const size = bytes.length;
  const part = shape.includes('t') ? code.constant(bytes) : '';
  const test = {
    '': `${length} === 0`,
    '%': 'true',
    t: `sameBytes(${data}, ${start}, ${length}, ${part}, 0, ${size})`,
    't%': `${length} >= ${size} && sameBytes(${data}, ${start}, ${size}, ${part}, 0, ${size})`,
    '%t': `${length} >= ${size} && sameBytes(${data}, ${start} + ${length} - ${size}, ${size}, ${part}, 0, ${size})`,
    '%t%': `containsBytes(${data}, ${start}, ${length}, ${part})`,
  }[shape]!;
  const value = code.keep(register.isNull === 'false' ? test : `${not(register.isNull)} && ${test}`);
  return { type: call.type, value, nanos: '0', isNull: register.isNull };
};

function predicate(
  name: string,
  make: MakeTest,
  compile: CallCompiler | undefined,
  doc: string,
  examples: FunctionEntry['examples'],
): FunctionEntry {
  return {
    name,
    family: 'comparison',
    ...signatures(name, { takes: [string, string, string], optional: 1, gives: gives.boolean }),
    takes: [`STRING [NOT] ${name} STRING [ESCAPE CHAR]`],
    body: (call) => patternBody(call, make),
    ...(compile && { compile }),
    doc,
    examples,
  };
}

/** A group of a simple pattern is a part of the text's own bytes. */
const compileExtract: CallCompiler = (code, call) => {
  const [operand, pattern, group] = call.args;
  if (pattern!.kind !== 'literal' || typeof pattern!.value !== 'string') return undefined;
  if (group !== undefined && (group.kind !== 'literal' || typeof group.value !== 'number')) return undefined;
  const program = simpleProgram(pattern!.value, Number(group?.value ?? 0));
  const text = program && code.expr(operand!);
  if (text?.slice === undefined) return undefined;
  const { data, start, length } = text.slice;
  const find = `extractStart(${code.constant(program!)}, ${data}, ${start}, ${length})`;
  const at = code.keep(text.isNull === 'false' ? find : `${text.isNull} ? -1 : ${find}`);
  const size = code.keep(`${at} < 0 ? 0 : extractLength()`);
  const isNull = `(${at} < 0)`;
  return {
    type: call.type,
    value: '',
    nanos: '0',
    isNull,
    slice: { ...text.slice, start: at, length: size, part: at },
  };
};
function simpleProgram(pattern: string, group: number): Uint8Array | undefined {
  try {
    return byteProgram(parseJavaPattern(pattern), group);
  } catch {
    // What the pattern lacks is reported where it is searched with.
    return undefined;
  }
}

/** A function of text and pattern; NULL where the pattern is none. */
function withRegex(
  compute: (regex: JavaRegex, text: string, ...rest: never[]) => Value,
): NonNullable<FunctionEntry['body']> {
  return (call) => {
    const [, given] = call.args;
    // A constant that we cannot search with is an error when the query is planned, not at its first row.
    if (given?.kind === 'literal' && typeof given.value === 'string') javaRegex(given.value);
    return (text: string, pattern: string, ...rest: never[]) => {
      const regex = javaRegex(pattern);
      return regex === undefined ? null : searched(call.fn, pattern, () => compute(regex, text, ...rest));
    };
  };
}

const groupOf = (found: Found | undefined, group: number): Value =>
  found === undefined ? null : found.group(group);

function extract(regex: JavaRegex, text: string, group = 0): Value {
  return group < 0 || group > regex.groups ? null : groupOf(regex.find(text), group);
}

function extractAll(regex: JavaRegex, text: string, group = 1): Value {
  if (group < 0 || group > regex.groups) return null;
  return Array.from(regex.all(text), (found) => found.group(group));
}

const pattern = { takes: [string, string] } as const;

export const regexes: readonly FunctionEntry[] = [
  predicate(
    'LIKE',
    likeTest,
    compileLike,
    'Whether the text fits the pattern: % stands for any text, _ for one character.',
    [
      { sql: "'abc' LIKE 'a%'", call: () => bindCall('LIKE', [str('abc'), str('a%')]), result: true },
      {
        sql: "'a_c' LIKE 'a!_c' ESCAPE '!'",
        call: () => bindCall('LIKE', [str('a_c'), str('a!_c'), str('!')]),
        result: true,
      },
      { sql: "'ab' NOT LIKE '_'", call: () => bindCall('NOT LIKE', [str('ab'), str('_')]), result: true },
    ],
  ),
  predicate('SIMILAR TO', similarTest, undefined, 'Whether the text fits the SQL regular expression.', [
    {
      sql: "'abc' SIMILAR TO '(a|b)%'",
      call: () => bindCall('SIMILAR TO', [str('abc'), str('(a|b)%')]),
      result: true,
    },
  ]),
  define('regex', 'REGEXP', {
    takes: [{ ...pattern, gives: gives.boolean }],
    body: (call) => {
      const test = withRegex((regex, text) => regex.test(text))(call, undefined as never) as (
        text: string,
        pattern: string,
      ) => Value;
      return (text: string, pattern: string) => pattern !== '' && test(text, pattern) === true;
    },
    doc: 'Whether the regular expression occurs in the text.',
    samples: [["REGEXP('abc', 'b.')", [str('abc'), str('b.')], true]],
  }),
  define('regex', 'REGEXP_REPLACE', {
    takes: [{ takes: [string, string, string], gives: gives.string }],
    body: withRegex((regex, text, replacement: string) => wellFormed(regex.replaceAll(text, replacement))),
    doc: 'Every occurrence replaced by the text given, which is taken as it is.',
    samples: [["REGEXP_REPLACE('foobar', 'oo|ar', '')", [str('foobar'), str('oo|ar'), str('')], 'fb']],
  }),
  define('regex', 'REGEXP_EXTRACT', {
    takes: [{ takes: [string, string, parameters.asInt], optional: 1, gives: types.STRING }],
    body: withRegex(extract),
    compile: compileExtract,
    doc: 'A group of the first occurrence, 0 (all of it) if not given; NULL without one.',
    samples: [
      [
        "REGEXP_EXTRACT('foothebar', 'foo(.*?)(bar)', 2)",
        [str('foothebar'), str('foo(.*?)(bar)'), int(2)],
        'bar',
      ],
    ],
  }),
  define('regex', 'REGEXP_EXTRACT_ALL', {
    takes: [{ takes: [string, string, anInt], optional: 1, gives: types.array(types.STRING) }],
    body: withRegex(extractAll),
    doc: 'A group, 1 if not given, of every occurrence.',
    samples: [
      [
        "REGEXP_EXTRACT_ALL('a1b2', '([a-z])([0-9])', 2)",
        [str('a1b2'), str('([a-z])([0-9])'), int(2)],
        ['1', '2'],
      ],
    ],
  }),
  define('regex', 'REGEXP_COUNT', {
    takes: [{ ...pattern, gives: types.INT }],
    body: withRegex((regex, text) => [...regex.all(text)].length),
    doc: 'How often the regular expression occurs.',
    samples: [
      ["REGEXP_COUNT('a1b2', '[0-9]')", [str('a1b2'), str('[0-9]')], 2],
      ["REGEXP_COUNT('abc', '(')", [str('abc'), str('(')], null],
    ],
  }),
  define('regex', 'REGEXP_INSTR', {
    takes: [{ ...pattern, gives: types.INT }],
    body: withRegex((regex, text) => (regex.find(text)?.index ?? -1) + 1),
    doc: 'The place of the first occurrence; 0 without one.',
    samples: [["REGEXP_INSTR('hello', 'l+')", [str('hello'), str('l+')], 3]],
  }),
  define('regex', 'REGEXP_SUBSTR', {
    takes: [{ ...pattern, gives: types.STRING }],
    body: withRegex((regex, text) => extract(regex, text)),
    doc: 'The first occurrence; NULL without one.',
    samples: [["REGEXP_SUBSTR('hello', 'l+')", [str('hello'), str('l+')], 'll']],
  }),
];
