/* Functions of text. Positions count characters (code points) from 1. */

import { wellFormed } from '#base';
import {
  isString,
  notNull,
  types,
  unboundedLength,
  withNullable,
  type LengthType,
  type LogicalType,
  type Value,
} from '#data';
import type { CallCompiler } from '../compile/code.ts';
import { compileSplitIndex } from './split-index.ts';
import { compileCase, compileLeft, compileRight, compileSubstring } from './text-parts.ts';
import { commonType } from '../types/common-type.ts';
import { badArgument } from '../values/data-errors.ts';
import { printArgument } from '../values/print-argument.ts';
import { printf } from '../values/printf.ts';
import {
  charCount,
  initcap,
  occurrence,
  overlay,
  pad,
  position,
  splitWhole,
  substring,
  translate,
  trim,
} from '../values/text.ts';
import { define } from './define.ts';
import type { FunctionEntry } from './entry.ts';
import { bytes, double, int, nullOf, str } from './examples.ts';
import { gives, implicitly, parameters } from './parameters.ts';
import { urlDecode, urlEncode, urlPart } from '../values/url.ts';
import { javaSplit } from '../values/java-regex.ts';

const { string, int: anInt, text, anything } = parameters;

const lengthOf = (type: LogicalType | undefined): number => (type as LengthType).length;
const varchar = (length: number): LogicalType => notNull(types.varchar(Math.min(length, unboundedLength)));
/** VARCHAR as long as the argument at an index. */
const asLong =
  (index: number) =>
  (given: readonly LogicalType[]): LogicalType =>
    varchar(lengthOf(given[index]));
const asLongNullable = (given: readonly LogicalType[]): LogicalType =>
  withNullable(varchar(lengthOf(given[0])), true);

function joined([a, b]: readonly LogicalType[]): LogicalType {
  const length = Math.min(lengthOf(a) + lengthOf(b), unboundedLength);
  return notNull(a!.kind === 'CHAR' && b!.kind === 'CHAR' ? types.char(length) : types.varchar(length));
}

/** Counts characters on the bytes, without decoding. */
const compileLength: CallCompiler = (code, call) => {
  const operand = code.expr(call.args[0]!);
  if (operand.slice === undefined) return undefined;
  const { data, start, length } = operand.slice;
  return {
    type: call.type,
    value: code.keep(`charsAt(${data}, ${start}, ${length})`),
    nanos: '0',
    isNull: operand.isNull,
  };
};

/** LPAD and RPAD count UTF-16 units. */
function padded(...args: Parameters<typeof pad>): Value {
  const text = pad(...args);
  return text === null ? null : wellFormed(text);
}

/** NULL only where the first argument is. */
const nullByFirst = (entry: FunctionEntry): FunctionEntry => ({
  ...entry,
  bind(args, options) {
    const bound = entry.bind(args, options);
    if (bound === undefined || !('args' in bound)) return bound;
    return { ...bound, type: withNullable(bound.type, bound.args[0]!.type.nullable) };
  },
});

const changing: readonly FunctionEntry[] = [
  define('string', 'UPPER', {
    takes: [{ takes: [string], gives: gives.first }],
    body: () => (s: string) => s.toUpperCase(),
    compile: compileCase('upperText'),
    doc: 'The text in capitals.',
    samples: [["UPPER('ab')", [str('ab')], 'AB']],
  }),
  define('string', 'LOWER', {
    takes: [{ takes: [string], gives: gives.first }],
    body: () => (s: string) => s.toLowerCase(),
    compile: compileCase('lowerText'),
    doc: 'The text in small letters.',
    samples: [["LOWER('AB')", [str('AB')], 'ab']],
  }),
  define('string', 'INITCAP', {
    takes: [{ takes: [string], gives: gives.first }],
    body: () => initcap,
    doc: 'Every word with a capital first, the rest small.',
    samples: [["INITCAP('hello wORLD-foo')", [str('hello wORLD-foo')], 'Hello World-Foo']],
  }),
  define('string', 'REVERSE', {
    takes: [{ takes: [string], gives: types.STRING }],
    body: () => (s: string) => [...s].reverse().join(''),
    doc: 'The characters in reverse.',
    samples: [["REVERSE('hello')", [str('hello')], 'olleh']],
  }),
  define('string', 'REPEAT', {
    takes: [{ takes: [string, anInt], gives: gives.string }],
    body: () => (s: string, n: number) => s.repeat(Math.max(0, n)),
    doc: 'The text a number of times.',
    samples: [
      ["REPEAT('ab', 3)", [str('ab'), int(3)], 'ababab'],
      ["REPEAT('ab', -1)", [str('ab'), int(-1)], ''],
    ],
  }),
  define('string', 'REPLACE', {
    takes: [{ takes: [string, string, string], gives: gives.string }],
    body: () => (s: string, from: string, to: string) => wellFormed(s.replaceAll(from, () => to)),
    doc: 'Every occurrence of the second text replaced by the third.',
    samples: [["REPLACE('hello', 'l', 'LL')", [str('hello'), str('l'), str('LL')], 'heLLLLo']],
  }),
  nullByFirst(
    define('string', 'TRANSLATE', {
      takes: [{ takes: [string, string, string], gives: gives.string }],
      aliases: ['TRANSLATE3'],
      strict: false,
      body: () => translate,
      doc: 'Characters of the second text replaced by those at their place in the third, or dropped.',
      samples: [["TRANSLATE('hello', 'elo', 'ip')", [str('hello'), str('elo'), str('ip')], 'hipp']],
    }),
  ),
  define('string', 'OVERLAY', {
    takes: [
      {
        takes: [string, string, parameters.asInt, parameters.asInt],
        optional: 1,
        gives: ([a, b]) => varchar(lengthOf(a) + lengthOf(b)),
      },
    ],
    body:
      () =>
      (...args: Parameters<typeof overlay>) =>
        wellFormed(overlay(...args)),
    doc: 'The text with a stretch (of the replacement’s length, if none is given) replaced.',
    samples: [
      ["OVERLAY('abcdef' PLACING 'XX' FROM 3 FOR 2)", [str('abcdef'), str('XX'), int(3), int(2)], 'abXXef'],
    ],
  }),
  define('string', 'LPAD', {
    takes: [{ takes: [string, anInt, string], gives: gives.string }],
    body: () => (s: string, n: number, fill: string) => padded(s, n, fill, true),
    doc: 'The text cut or filled on the left to a length.',
    samples: [
      ["LPAD('hi', 4, '??')", [str('hi'), int(4), str('??')], '??hi'],
      ["LPAD('hi', 1, '?')", [str('hi'), int(1), str('?')], 'h'],
    ],
  }),
  define('string', 'RPAD', {
    takes: [{ takes: [string, anInt, string], gives: gives.string }],
    body: () => (s: string, n: number, fill: string) => padded(s, n, fill, false),
    doc: 'The text cut or filled on the right to a length.',
    samples: [["RPAD('hi', 7, 'abc')", [str('hi'), int(7), str('abc')], 'hiabcab']],
  }),
  define('string', 'TRIM', {
    takes: [
      { takes: [string], gives: asLong(0) },
      { takes: [string, string], gives: asLong(1) },
    ],
    flags: 'BOTH (the default), LEADING or TRAILING; with two arguments the first is the set of characters.',
    body: (call) => {
      const [side = 'BOTH'] = call.flags;
      return (...args: string[]) =>
        trim(args.at(-1)!, args.length === 2 ? args[0]! : ' ', side !== 'TRAILING', side !== 'LEADING');
    },
    doc: 'The text without spaces, or other characters, at its ends.',
    samples: [
      ["TRIM('  a ')", [str('  a ')], 'a'],
      ["TRIM(LEADING 'x' FROM 'xxaxx')", [str('x'), str('xxaxx')], 'axx', { flags: ['LEADING'] }],
    ],
  }),
  define('string', 'LTRIM', {
    takes: [{ takes: [string, string], optional: 1, gives: asLong(0) }],
    body:
      () =>
      (s: string, set = ' ') =>
        trim(s, set, true, false),
    doc: 'The text without spaces, or the characters given, at its start.',
    samples: [["LTRIM('xya', 'yx')", [str('xya'), str('yx')], 'a']],
  }),
  define('string', 'RTRIM', {
    takes: [{ takes: [string, string], optional: 1, gives: asLong(0) }],
    body:
      () =>
      (s: string, set = ' ') =>
        trim(s, set, false, true),
    doc: 'The text without spaces, or the characters given, at its end.',
    samples: [["RTRIM('a  ')", [str('a  ')], 'a']],
  }),
  define('string', 'BTRIM', {
    takes: [{ takes: [string, string], optional: 1, gives: gives.string }],
    body:
      () =>
      (s: string, set = ' ') =>
        trim(s, set, true, true),
    doc: 'The text without spaces, or the characters given, at both ends.',
    samples: [["BTRIM('xyaxy', 'xy')", [str('xyaxy'), str('xy')], 'a']],
  }),
];

const joining: readonly FunctionEntry[] = [
  define('string', '||', {
    takes: [{ takes: [string, string], gives: joined }],
    body: () => (a: string, b: string) => a + b,
    doc: 'Both texts one after the other.',
    samples: [["'a' || 'b'", [str('a'), str('b')], 'ab']],
  }),
  define('string', 'CONCAT', {
    takes: [{ takes: [string], variadic: true, gives: gives.string }],
    body:
      () =>
      (...parts: string[]) =>
        parts.join(''),
    doc: 'The texts one after the other; NULL when one is.',
    samples: [["CONCAT('a', 'b', 'c')", [str('a'), str('b'), str('c')], 'abc']],
  }),
  define('string', 'CONCAT_WS', {
    takes: [{ takes: [string], variadic: true, gives: gives.string }],
    strict: false,
    body:
      () =>
      (separator: string | null, ...parts: (string | null)[]) =>
        separator === null ? null : parts.filter((p) => p !== null).join(separator),
    doc: 'The texts that are not NULL, with the first between them.',
    samples: [
      [
        "CONCAT_WS('~', 'AA', CAST(NULL AS STRING), 'BB', '')",
        [str('~'), str('AA'), nullOf(types.STRING), str('BB'), str('')],
        'AA~BB~',
      ],
    ],
  }),
];

const finding: readonly FunctionEntry[] = [
  define('string', 'CHAR_LENGTH', {
    takes: [{ takes: [string], gives: gives.int }],
    aliases: ['CHARACTER_LENGTH'],
    body: () => charCount,
    compile: compileLength,
    doc: 'The number of characters.',
    samples: [["CHAR_LENGTH('a€')", [str('a€')], 2]],
  }),
  define('string', 'POSITION', {
    takes: [{ takes: [string, string], gives: gives.int }],
    body: () => (part: string, s: string) => position(part, s),
    doc: 'The place of the first text in the second; 0 where it is not.',
    samples: [["POSITION('b' IN 'abc')", [str('b'), str('abc')], 2]],
  }),
  define('string', 'INSTR', {
    takes: [{ takes: [string, string, anInt, anInt], optional: 2, gives: gives.int }],
    body: () => occurrence,
    doc:
      'The place of the second text in the first, from a place on (below 0: backwards from the end), ' +
      'the n-th time if that is given; 0 where it is not.',
    samples: [
      ["INSTR('hello', 'l')", [str('hello'), str('l')], 3],
      ["INSTR('hello', 'l', -1, 2)", [str('hello'), str('l'), int(-1), int(2)], 3],
    ],
  }),
  define('string', 'LOCATE', {
    takes: [{ takes: [string, string, anInt], optional: 1, gives: gives.int }],
    body:
      () =>
      (part: string, s: string, from = 1) =>
        part === '' ? 1 : position(part, s, from),
    doc: 'The place of the first text in the second, searched from a place on.',
    samples: [["LOCATE('l', 'hello', 4)", [str('l'), str('hello'), int(4)], 4]],
  }),
  define('string', 'SUBSTRING', {
    takes: [{ takes: [string, anInt, anInt], optional: 1, gives: asLongNullable }],
    aliases: ['SUBSTR'],
    body: () => substring,
    compile: compileSubstring,
    doc: 'Characters from a place on (below 0: from the end), a number of them at most.',
    samples: [
      ["SUBSTRING('abcdef' FROM 2 FOR 3)", [str('abcdef'), int(2), int(3)], 'bcd'],
      ["SUBSTRING('abcdef', -2)", [str('abcdef'), int(-2)], 'ef'],
    ],
  }),
  define('string', 'LEFT', {
    takes: [{ takes: [string, anInt], gives: asLongNullable }],
    body: () => (s: string, n: number) => substring(s, 1, Math.max(0, n)),
    compile: compileLeft,
    doc: 'The first characters.',
    samples: [["LEFT('hello', 2)", [str('hello'), int(2)], 'he']],
  }),
  define('string', 'RIGHT', {
    takes: [{ takes: [string, anInt], gives: asLongNullable }],
    body: () => (s: string, n: number) => (n <= 0 ? '' : n >= charCount(s) ? s : substring(s, -n)),
    compile: compileRight,
    doc: 'The last characters.',
    samples: [["RIGHT('hello', 2)", [str('hello'), int(2)], 'lo']],
  }),
  define('string', 'STARTSWITH', {
    takes: [
      { takes: [string, string], gives: gives.boolean },
      { takes: [parameters.bytes, parameters.bytes], gives: gives.boolean },
    ],
    body: (call) =>
      isString(call.args[0]!.type)
        ? (s: string, part: string) => s.startsWith(part)
        : (s: Uint8Array, part: Uint8Array) => Buffer.from(s).subarray(0, part.length).equals(part),
    doc: 'Whether the first text starts with the second.',
    samples: [["STARTSWITH('hello', 'he')", [str('hello'), str('he')], true]],
  }),
  define('string', 'ENDSWITH', {
    takes: [
      { takes: [string, string], gives: gives.boolean },
      { takes: [parameters.bytes, parameters.bytes], gives: gives.boolean },
    ],
    body: (call) =>
      isString(call.args[0]!.type)
        ? (s: string, part: string) => s.endsWith(part)
        : (s: Uint8Array, part: Uint8Array) =>
            s.length >= part.length &&
            Buffer.from(s)
              .subarray(s.length - part.length)
              .equals(part),
    doc: 'Whether the first text ends with the second.',
    samples: [["ENDSWITH('hello', 'lo')", [str('hello'), str('lo')], true]],
  }),
];

const splitting: readonly FunctionEntry[] = [
  define('string', 'SPLIT', {
    takes: [{ takes: [string, string], gives: notNull(types.array(types.STRING)) }],
    body: () => (s: string, separator: string) =>
      s === '' ? [] : separator === '' ? s.split('').map(wellFormed) : s.split(separator),
    doc: 'The pieces between separators as an array; characters, when the separator is empty.',
    samples: [["SPLIT('a,b,c', ',')", [str('a,b,c'), str(',')], ['a', 'b', 'c']]],
  }),
  define('string', 'SPLIT_INDEX', {
    takes: [
      { takes: [string, string, anInt], gives: types.STRING },
      { takes: [string, anInt, anInt], gives: types.STRING },
    ],
    body: (call) => {
      const byCode = !isString(call.args[1]!.type);
      return (s: string, separator: string | number, index: number) => {
        if (byCode && (Number(separator) < 1 || Number(separator) > 255)) return null;
        return (
          splitWhole(s, byCode ? String.fromCharCode(separator as number) : String(separator))[index] ?? null
        );
      };
    },
    compile: compileSplitIndex,
    doc: 'The piece at an index, from 0; the separator as text or as a character’s code.',
    samples: [
      ["SPLIT_INDEX('a,b,c', ',', 1)", [str('a,b,c'), str(','), int(1)], 'b'],
      ["SPLIT_INDEX('a,,b', ',', 1)", [str('a,,b'), str(','), int(1)], ''],
      ["SPLIT_INDEX('a,b', ',', 5)", [str('a,b'), str(','), int(5)], null],
    ],
  }),
  define('string', 'STR_TO_MAP', {
    takes: [
      { takes: [string], gives: types.map(types.STRING, types.STRING) },
      { takes: [string, string, string], gives: types.map(types.STRING, types.STRING) },
    ],
    body:
      () =>
      (s: string, list = ',', pair = '=') => {
        const entries = new Map<string, string | null>();
        for (const item of s === '' ? [] : javaSplit(s, list)) {
          const [key, value] = javaSplit(item, pair, 2);
          entries.set(wellFormed(key!), value === undefined ? null : wellFormed(value));
        }
        return { entries: [...entries] };
      },
    doc: 'Text such as a=1,b=2 as a map; the delimiters are regular expressions.',
    samples: [
      [
        "STR_TO_MAP('a=1,b=2')",
        [str('a=1,b=2')],
        {
          entries: [
            ['a', '1'],
            ['b', '2'],
          ],
        },
      ],
    ],
  }),
  define('string', 'ELT', {
    takes: [{ takes: [anInt, anything], variadic: true, gives: () => undefined }],
    doc: 'The value at an index, from 1; NULL outside.',
    body:
      () =>
      (index: number, ...values: Value[]) =>
        values[index - 1] ?? null,
    samples: [["ELT(2, 'a', 'b')", [int(2), str('a'), str('b')], 'b']],
  }),
];

/** ELT: all values of one type, the result nullable. */
const elt: FunctionEntry = {
  ...splitting.at(-1)!,
  strict: false,
  body:
    () =>
    (index: number | null, ...values: Value[]) =>
      index === null ? null : (values[index - 1] ?? null),
  bind([index, ...values]) {
    const type = commonType(values.map((v) => v.type));
    const indexType = anInt.accept(index!.type);
    if (type === undefined || indexType === undefined) return undefined;
    return {
      args: [implicitly(index!, indexType), ...values.map((v) => implicitly(v, type))],
      type: withNullable(type, true),
    };
  },
};

const charsets = ['US-ASCII', 'ISO-8859-1', 'UTF-8', 'UTF-16BE', 'UTF-16LE', 'UTF-16'];

function fromBase64(given: string | Uint8Array): string {
  const s = typeof given === 'string' ? given : Buffer.from(given).toString('latin1');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(s) || s.length % 4 === 1 || (s.endsWith('=') && s.length % 4 !== 0)) {
    badArgument('FROM_BASE64', `'${s}' is not base 64`);
  }
  return Buffer.from(s, 'base64').toString('utf8');
}

function encode(s: string, charset: string): Uint8Array {
  const swapped = (b: Buffer): Buffer => b.swap16();
  switch (charset.toUpperCase()) {
    case 'UTF-8':
      return new Uint8Array(Buffer.from(s, 'utf8'));
    case 'US-ASCII':
      return Uint8Array.from([...s], (c) => (c.codePointAt(0)! < 128 ? c.codePointAt(0)! : 0x3f));
    case 'ISO-8859-1':
      return Uint8Array.from([...s], (c) => (c.codePointAt(0)! < 256 ? c.codePointAt(0)! : 0x3f));
    case 'UTF-16LE':
      return new Uint8Array(Buffer.from(s, 'utf16le'));
    case 'UTF-16BE':
      return new Uint8Array(swapped(Buffer.from(s, 'utf16le')));
    case 'UTF-16':
      // Nothing has no byte order.
      if (s === '') return new Uint8Array(0);
      return new Uint8Array(Buffer.concat([Buffer.from([0xfe, 0xff]), swapped(Buffer.from(s, 'utf16le'))]));
    default:
      return badArgument('ENCODE', `unknown charset '${charset}'; there are ${charsets.join(', ')}`);
  }
}

/** Half a unit at the end is the character for what cannot be read. */
const utf16 = (bytes: Uint8Array, order: 'utf-16le' | 'utf-16be'): string =>
  new TextDecoder(order, { ignoreBOM: true }).decode(bytes);

function decode(bytes: Uint8Array, charset: string): string {
  const buffer = Buffer.from(bytes);
  switch (charset.toUpperCase()) {
    case 'UTF-8':
      return buffer.toString('utf8');
    case 'US-ASCII':
      return Array.from(bytes, (b) => (b < 128 ? String.fromCharCode(b) : '\ufffd')).join('');
    case 'ISO-8859-1':
      return buffer.toString('latin1');
    case 'UTF-16LE':
      return utf16(buffer, 'utf-16le');
    case 'UTF-16BE':
      return utf16(buffer, 'utf-16be');
    case 'UTF-16': {
      if (bytes[0] === 0xff && bytes[1] === 0xfe) return utf16(buffer.subarray(2), 'utf-16le');
      return utf16(bytes[0] === 0xfe && bytes[1] === 0xff ? buffer.subarray(2) : buffer, 'utf-16be');
    }
    default:
      return badArgument('DECODE', `unknown charset '${charset}'; there are ${charsets.join(', ')}`);
  }
}

const encoding: readonly FunctionEntry[] = [
  define('string', 'ASCII', {
    takes: [{ takes: [string], gives: gives.int }],
    body: () => (s: string) => (s === '' ? 0 : (Buffer.from(s, 'utf8')[0]! << 24) >> 24),
    doc: 'The first byte as a signed number; 0 of empty text.',
    samples: [
      ["ASCII('abc')", [str('abc')], 97],
      ["ASCII('€')", [str('€')], -30],
    ],
  }),
  define('string', 'CHR', {
    takes: [{ takes: [parameters.bigint], gives: types.STRING }],
    body: () => (n: bigint) => (n < 0n ? '' : String.fromCharCode(Number(n & 255n))),
    doc: 'The character of a code, modulo 256.',
    samples: [
      ['CHR(97)', [int(97)], 'a'],
      ['CHR(353)', [int(353)], 'a'],
    ],
  }),
  define('string', 'ENCODE', {
    takes: [{ takes: [string, string], gives: gives.bytes }],
    body: () => encode,
    doc: 'The text as bytes of a charset.',
    samples: [["ENCODE('AB', 'UTF-8')", [str('AB'), str('UTF-8')], Uint8Array.of(0x41, 0x42)]],
  }),
  define('string', 'DECODE', {
    takes: [{ takes: [parameters.bytes, string], gives: gives.string }],
    body: () => decode,
    doc: 'Bytes of a charset as text.',
    samples: [["DECODE(X'4142', 'UTF-8')", [bytes('4142'), str('UTF-8')], 'AB']],
  }),
  define('string', 'TO_BASE64', {
    takes: [{ takes: [text], gives: gives.string }],
    body: () => (s: string | Uint8Array) => Buffer.from(s as string).toString('base64'),
    doc: 'The text or bytes in base 64.',
    samples: [["TO_BASE64('hello world')", [str('hello world')], 'aGVsbG8gd29ybGQ=']],
  }),
  define('string', 'FROM_BASE64', {
    takes: [{ takes: [text], gives: gives.string }],
    body: () => fromBase64,
    doc: 'The text that is written in base 64.',
    samples: [["FROM_BASE64('aGVsbG8gd29ybGQ=')", [str('aGVsbG8gd29ybGQ=')], 'hello world']],
  }),
  define('string', 'URL_ENCODE', {
    takes: [{ takes: [string], gives: types.STRING }],
    body: () => urlEncode,
    doc: 'The text as in a form: %XX of UTF-8, + for a space.',
    samples: [["URL_ENCODE('a b&c=d/é*')", [str('a b&c=d/é*')], 'a+b%26c%3Dd%2F%C3%A9*']],
  }),
  define('string', 'URL_DECODE', {
    takes: [{ takes: [string], gives: types.STRING }],
    body: () => urlDecode,
    doc: 'The text that is encoded as in a form; NULL where it is broken.',
    samples: [
      ["URL_DECODE('a+b%26c')", [str('a+b%26c')], 'a b&c'],
      ["URL_DECODE('%zz')", [str('%zz')], null],
    ],
  }),
  define('string', 'PARSE_URL', {
    takes: [{ takes: [string, string, string], optional: 1, gives: types.STRING }],
    body: () => urlPart,
    doc: 'A part of a URL: HOST, PATH, QUERY (or one key of it), REF, PROTOCOL, FILE, AUTHORITY, USERINFO.',
    samples: [
      [
        "PARSE_URL('http://flink.apache.org/p?k=v', 'QUERY', 'k')",
        [str('http://flink.apache.org/p?k=v'), str('QUERY'), str('k')],
        'v',
      ],
    ],
  }),
  define('string', 'PRINTF', {
    takes: [{ takes: [string, anything], optional: 1, variadic: true, gives: types.STRING }],
    strict: false,
    body: (call) => {
      const given = call.args.slice(1).map((a) => a.type);
      return (format: string | null, ...values: Value[]) =>
        format === null
          ? null
          : printf(
              format,
              values.map((v, i) => printArgument(v, given[i]!)),
            );
    },
    doc: 'Values put into a format as by Java’s Formatter; NULL where they do not fit.',
    samples: [
      [
        "PRINTF('%d snails and %.2f', 3, CAST(1.5 AS DOUBLE))",
        [str('%d snails and %.2f'), int(3), double(1.5)],
        '3 snails and 1.50',
      ],
    ],
  }),
];

export const strings: readonly FunctionEntry[] = [
  ...joining,
  ...changing,
  ...finding,
  ...splitting.slice(0, -1),
  elt,
  ...encoding,
];
