/* Addresses of the Internet, version 4, as numbers and back. */

import { types } from '#data';
import { define } from './define.ts';
import type { FunctionEntry } from './entry.ts';
import { bigint, int, str } from './examples.ts';
import { parameters } from './parameters.ts';

const addressMax = 0xffffffffn;

/** 1.2.3.4, and the shorter forms 1.4 (1.0.0.4) and 1.2.4 (1.2.0.4); null for anything else. */
function toNumber(text: string): bigint | null {
  if (!/^\d{1,3}(?:\.\d{1,3}){0,3}$/.test(text)) return null;
  const parts = text.split('.').map(Number);
  if (parts.some((part) => part > 255)) return null;
  const last = parts.pop()!;
  return parts.reduce((sum, part, i) => sum + (BigInt(part) << BigInt(24 - 8 * i)), BigInt(last));
}
function toText(address: bigint): string | null {
  if (address < 0n || address > addressMax) return null;
  return [24n, 16n, 8n, 0n].map((shift) => String((address >> shift) & 255n)).join('.');
}

export const networks: readonly FunctionEntry[] = [
  define('string', 'INET_ATON', {
    takes: [{ takes: [parameters.string], gives: types.BIGINT }],
    body: () => toNumber,
    doc: 'The number of an IPv4 address; NULL where the text is none.',
    samples: [
      ["INET_ATON('1.2.3.4')", [str('1.2.3.4')], 16909060n],
      ["INET_ATON('1.2')", [str('1.2')], 16777218n],
      ["INET_ATON('256.1.1.1')", [str('256.1.1.1')], null],
    ],
  }),
  define('string', 'INET_NTOA', {
    takes: [{ takes: [parameters.bigint], gives: types.STRING }],
    body: () => toText,
    doc: 'The IPv4 address of a number; NULL where there is none.',
    samples: [
      ['INET_NTOA(16909060)', [int(16909060)], '1.2.3.4'],
      ['INET_NTOA(4294967296)', [bigint(4294967296n)], null],
    ],
  }),
];
