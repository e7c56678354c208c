/* Functions of text. Positions count characters (code points) from 1. */

import { types } from '#data';
import { bindCall } from '../bind/bind-call.ts';
import type { FunctionEntry } from './entry.ts';
import { str } from './examples.ts';
import { gives, parameters, signatures } from './parameters.ts';

const { string } = parameters;

export const strings: readonly FunctionEntry[] = [
  {
    name: 'UPPER',
    family: 'string',
    ...signatures('UPPER', { takes: [string], gives: gives.first }),
    body: () => (s: string) => s.toUpperCase(),
    doc: 'The text in capitals.',
    examples: [{ sql: "UPPER('ab')", call: () => bindCall('UPPER', [str('ab')]), result: 'AB' }],
  },
  {
    name: 'LOWER',
    family: 'string',
    ...signatures('LOWER', { takes: [string], gives: gives.first }),
    body: () => (s: string) => s.toLowerCase(),
    doc: 'The text in small letters.',
    examples: [{ sql: "LOWER('AB')", call: () => bindCall('LOWER', [str('AB')]), result: 'ab' }],
  },
  {
    name: '||',
    family: 'string',
    ...signatures('||', { takes: [string, string], gives: types.STRING }),
    body: () => (a: string, b: string) => a + b,
    doc: 'Both texts one after the other.',
    examples: [{ sql: "'a' || 'b'", call: () => bindCall('||', [str('a'), str('b')]), result: 'ab' }],
  },
];
