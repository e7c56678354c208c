/* Mistakes in the scanners of formats, and in what feeds them. */

import type { Break } from './break.ts';

const formats = 'packages/formats/src';
const proof = { vitest: 'packages/formats/test/scan-proof.test.ts' } as const;
const csv = { vitest: 'packages/formats/test/csv-scan.test.ts' } as const;
const shape = { vitest: 'packages/formats/test/json-shape.test.ts' } as const;
const doubles = { vitest: 'packages/formats/test/doubles.test.ts' } as const;
const framing = { vitest: 'packages/formats/test/block-framing.test.ts' } as const;
const files = 'packages/connectors/test/filesystem/source.test.ts';

export const scanBreaks: readonly Break[] = [
  {
    mistake: 'a search goes past the end of the record',
    file: `${formats}/scan/search.ts`,
    test: proof,
    find: '        f.breakIf(again, i32.ltU(p, end));\n        f.break(ended);\n',
    replace: '        f.break(again);\n',
  },
  {
    mistake: 'a number of twenty digits is taken to fit',
    file: `${formats}/scan/digits.ts`,
    test: proof,
    find: 'i64.geU(number, i64.const(numberEnd))',
    replace: 'i64.eq(number, i64.const(-1n))',
  },
  {
    mistake: 'a point without digits behind it is a fraction',
    file: `${formats}/scan/numbers.ts`,
    test: proof,
    find: '    f.breakIf(bad, i32.eqz(b));\n',
    replace: '',
  },
  {
    mistake: 'a power of ten that is no exact double, taken for one',
    file: `${formats}/scan/numbers.ts`,
    test: doubles,
    find: 'i32.leU(b, i32.const(22))',
    replace: 'i32.leU(b, i32.const(23))',
  },
  {
    mistake: 'a double halfway between two is rounded up',
    file: `${formats}/scan/doubles.ts`,
    test: doubles,
    find: '  f.if(i32.and(exact, half), () => f.set(mantissa, i64.sub(mantissa, one)));\n',
    replace: '',
  },
  {
    mistake: 'the lower half of a power is left out',
    file: `${formats}/scan/doubles.ts`,
    test: doubles,
    find: 'i64.eq(i64.and(upper, i64.const(0x1ffn)), i64.const(0x1ffn))',
    replace: 'i32.const(0)',
  },
  {
    mistake: 'halves of surrogate pairs are UTF-8',
    file: `${formats}/scan/utf8.ts`,
    test: proof,
    find: '        f.breakIf(bad, i32.and(i32.eq(c, i32.const(0xed)), i32.geU(second, i32.const(0xa0))));\n',
    replace: '',
  },
  {
    mistake: 'seconds without a colon before them',
    file: `${formats}/scan/times.ts`,
    test: proof,
    find: "  f.breakIf(bad, isNotByte(byteAt(p, 16), ':'));\n",
    replace: '',
  },
  {
    mistake: 'unescaped text is written behind its area',
    file: `${formats}/json/scan/unescape.ts`,
    test: proof,
    find: 'i32.gtU(to, i32.const(frame.textEnd - 8))',
    replace: 'zero',
  },
  {
    mistake: 'a key that comes twice keeps its first value',
    file: `${formats}/json/scan/generic.ts`,
    test: { vitest: 'packages/formats/test/json-scan.test.ts', named: 'comes twice' },
    find: '        f.breakIf(bad, i32.wrapI64(i64.shrU(i64.and(seen, bit), i64.const(BigInt(i)))));\n',
    replace: '',
  },
  {
    mistake: 'any byte may stand before a key where keys may be missing',
    file: `${formats}/json/scan/fused.ts`,
    test: shape,
    find: 'return i32.ne(byteAt(this.#e.p), select(i32.const(123), i32.const(44), this.#atBrace));',
    replace: 'return i32.const(0);',
  },
  {
    mistake: 'an order of keys that contradicts the shape is taken in',
    file: `${formats}/json/scan/shape.ts`,
    test: shape,
    find: 'if (names.size < keys.length || all > keysMax || contradicts(keys)) return;',
    replace: 'if (names.size < keys.length || all > keysMax) return;',
  },
  {
    mistake: 'a shape is never learnt anew',
    file: `${formats}/scan/ladder.ts`,
    test: shape,
    find: 'if (often && this.#lessons < lessonsMax) this.#scan = undefined;',
    replace: 'if (often && this.#lessons > lessonsMax) this.#scan = undefined;',
  },
  {
    mistake: 'an escape in quotes is taken for the closing quote',
    file: `${formats}/csv/scan/fused.ts`,
    test: csv,
    find: '        f.breakIf(bad, isNotByte(byteAt(p), quote));\n',
    replace: '',
  },
  {
    mistake: 'the last cell may hold a delimiter or a line end',
    file: `${formats}/csv/scan/fused.ts`,
    test: csv,
    find: 'f.breakIf(bad, i32.or(i32.ltU(p, e.end), i32.gtU(a, e.end)));',
    replace: 'f.breakIf(bad, i32.gtU(a, e.end));',
  },
  {
    mistake: 'an empty message is a record with an empty cell',
    file: `${formats}/csv/scan/values.ts`,
    test: csv,
    find: '  f.breakIf(bad, i32.geU(p, e.end));\n',
    replace: '',
  },
  {
    mistake: 'cells may be missing where errors are not ignored',
    file: `${formats}/csv/scan/generic.ts`,
    test: csv,
    find: 'if (!ignoreErrors || !slots.every(isNullable))',
    replace: 'if (!slots.every(isNullable))',
  },
  {
    mistake: 'a quote behind an escaped delimiter opens a cell',
    file: `${formats}/csv/scan/framing.ts`,
    test: framing,
    find: '    f.set(plainFrom, p);\n',
    replace: '',
  },
  {
    mistake: 'half of a line end is a whole one',
    file: `${formats}/csv/scan/framing.ts`,
    test: framing,
    find: '          f.breakIf(done, i32.and(i32.eqz(final), isHalfLineEnd(p, end)));\n',
    replace: '',
  },
  {
    mistake: 'an empty line of a CSV file is an empty message',
    file: 'packages/connectors/src/filesystem/scan-records.ts',
    test: { vitest: files, named: 'scanned CSV' },
    find: 'return this.#scanner.reference(this.#positions, record, true);',
    replace: 'return this.#scanner.reference(this.#positions, record);',
  },
  {
    mistake: 'a source waits for bytes behind records that gave no rows',
    file: 'packages/connectors/src/filesystem/source.ts',
    test: { vitest: files, named: 'many records in a row' },
    find: '      if (file.offset > offset && !reader.finished) continue;\n',
    replace: '',
  },
];
