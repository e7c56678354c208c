/* The raw format: one column, its bytes. */

import { expect, test } from 'vitest';
import { types } from '#data';
import { cell, encode, fields } from './samples.ts';

test('text and numbers there and back', () => {
  expect(cell('raw', types.STRING, 'né')).toBe('né');
  expect(cell('raw', types.INT, Buffer.from('00000102', 'hex'))).toBe(258);
  expect(cell('raw', types.INT, Buffer.from('02010000', 'hex'), { endianness: 'little-endian' })).toBe(258);
  expect(encode('raw', fields({ a: types.STRING }), ['né'])).toBe('né');
  expect(encode('raw', fields({ a: types.SMALLINT }), [0x4142])).toBe('AB');
  expect(() => cell('raw', types.INT, 'x')).toThrow(/has 4 bytes, found 1/);
  expect(() => encode('raw', fields({ a: types.INT, b: types.INT }), [1, 2])).toThrow(/exactly one column/);
});
