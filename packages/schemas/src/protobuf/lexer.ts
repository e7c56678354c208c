/* Words, numbers, strings and signs of a .proto file; comments and white space are left out. */

import { UserError } from '#base';
import { spanAt } from '../text-span.ts';

export interface Token {
  /** `word`: a name, with its dots; `number`: as written; `text`: a string, unescaped; `sign`: one character; `end`. */
  readonly kind: 'word' | 'number' | 'text' | 'sign' | 'end';
  readonly text: string;
  readonly start: number;
}

const skipped = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const word = /\.?[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y;
const number = /0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

export const protoError = (text: string, at: number, message: string, hint?: string): UserError =>
  new UserError('SCH1003', { message: `not a .proto file: ${message}`, at: spanAt(text, at), hint });

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** The string that begins at a quote, unescaped, and where it ends. */
function readText(text: string, start: number): { value: string; end: number } {
  const quote = text[start]!;
  let value = '';
  let at = start + 1;
  for (;;) {
    const sign = text[at];
    if (sign === undefined || sign === '\n')
      throw protoError(text, start, 'a string does not end on its line');
    if (sign === quote) return { value, end: at + 1 };
    if (sign !== '\\') {
      value += sign;
      at++;
      continue;
    }
    const code = /[0-7]{1,3}|[xX][0-9a-fA-F]{1,2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}/y;
    const found = matchAt(code, text, at + 1);
    if (found !== undefined) {
      const digits = found.replace(/^[xXuU]/, '');
      value += String.fromCodePoint(Number.parseInt(digits, digits === found ? 8 : 16));
      at += 1 + found.length;
    } else {
      const meant = text[at + 1] ?? '';
      value += simpleEscapes[meant] ?? meant;
      at += 2;
    }
  }
}

/** Throws SCH1003 for what is no token. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(skipped, text, at)?.length ?? 0;
    if (at >= text.length) break;
    const sign = text[at]!;
    const name = matchAt(word, text, at);
    const digits = name === undefined ? matchAt(number, text, at) : undefined;
    if (name !== undefined) tokens.push({ kind: 'word', text: name, start: at });
    else if (digits !== undefined) tokens.push({ kind: 'number', text: digits, start: at });
    else if (sign === '"' || sign === "'") {
      const { value, end } = readText(text, at);
      tokens.push({ kind: 'text', text: value, start: at });
      at = end;
      continue;
    } else if ('{}[]()<>=;,:+-/.'.includes(sign)) tokens.push({ kind: 'sign', text: sign, start: at });
    else throw protoError(text, at, `found ${JSON.stringify(sign)}`);
    at += tokens.at(-1)!.text.length;
  }
  tokens.push({ kind: 'end', text: 'the end', start: text.length });
  return tokens;
}
