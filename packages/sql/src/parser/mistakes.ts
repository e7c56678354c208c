/* What to say when a token cannot stand where it does: how it is named, what was expected, what was likely
 * meant. */

import { nearest, type Span, UserError } from '#base';
import { isReserved } from '../keywords.ts';
import type { Token } from '../tokens.ts';
import { missingSemicolon, otherDialect } from './other-dialects.ts';

/** The place of a token, without the token. */
export function spanOf(token: Span): Span {
  return { start: token.start, end: token.end, line: token.line, column: token.column };
}

/** A token as the reader of a message knows it. */
export function describe(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'the end of the text';
    case 'string':
    case 'unicode-string':
      return `the string '${shorten(token.text)}'`;
    case 'quoted':
      return `\`${shorten(token.text)}\``;
    case 'double-quoted':
      return `"${shorten(token.text)}" in double quotes`;
    case 'binary':
      return `X'${shorten(token.text)}'`;
    default:
      return `"${shorten(token.text)}"`;
  }
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

/** `a, b or c`: words stay as they are, operators get quotes, descriptions in lower case stay as they are. */
export function either(expected: readonly string[]): string {
  const shown = [...new Set(expected)].map((item) => (/^[A-Za-z]/.test(item) ? item : `"${item}"`));
  const last = shown.pop() ?? 'something else';
  return shown.length === 0 ? last : `${shown.join(', ')} or ${last}`;
}

/** The error of a token that the lexer could not make sense of; undefined for every other token. */
export function lexicalError(token: Token): UserError | undefined {
  if (token.kind === 'unterminated') {
    const [what, close] = unterminated[token.text] ?? unterminated["'"];
    return new UserError('SQL0002', {
      at: spanOf(token),
      message: `this ${what} never ends`,
      hint: `Close it with ${close}`,
    });
  }
  if (token.kind === 'unknown') {
    const code = (token.text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return new UserError('SQL0002', {
      at: spanOf(token),
      message: `the character "${token.text}" (U+${code}) means nothing in SQL`,
      hint: strangeCharacters[token.text],
    });
  }
  if (token.kind === 'double-quoted') {
    return new UserError('SQL0001', {
      at: spanOf(token),
      message: `found ${describe(token)}, which mean nothing in Flink SQL`,
      hint: `A name stands in backticks, \`${token.text}\`, and a string in single quotes, '${token.text}'.`,
    });
  }
  return undefined;
}

const unterminated: Readonly<Record<string, readonly [what: string, close: string]>> & {
  readonly "'": readonly [string, string];
} = {
  "'": ['string', "a single quote; a quote within a string is doubled: ''"],
  '`': ['name', 'a backtick; a backtick within a name is doubled: ``'],
  '"': ['name in double quotes', 'another, or rather use backticks: Flink SQL has no names in double quotes'],
  '/*': ['comment', '*/'],
  '/*+': ['hint', '*/'],
};

const strangeCharacters: Readonly<Record<string, string>> = {
  '\u00a0': 'It is a space that does not break, perhaps copied from a web page; write an ordinary space.',
  '\u2018': "Write the straight quote ' instead.",
  '\u2019': "Write the straight quote ' instead.",
  '\u201c': "Names stand in backticks and strings in straight single quotes ' in Flink SQL.",
  '\u201d': "Names stand in backticks and strings in straight single quotes ' in Flink SQL.",
  '!': 'Not equal is <> or !=, and a negation is NOT.',
  '@': 'Flink SQL has no variables.',
  '#': 'A comment begins with -- in SQL.',
  '~': 'Use REGEXP(value, pattern), or LIKE.',
  '&': 'Conditions are joined by AND.',
  '\\': 'Commands such as \\d are lines of the shell; in SQL write SHOW TABLES, or DESCRIBE name.',
};

export interface Mistake {
  readonly expected: readonly string[];
  readonly token: Token;
  readonly previous: Token | undefined;
}

/** The likeliest reason for the mistake, or undefined. */
export function hintFor(mistake: Mistake): string | undefined {
  return (
    missingSemicolon(mistake) ??
    byToken(mistake) ??
    otherDialect(mistake) ??
    bySpelling(mistake) ??
    byComma(mistake)
  );
}

function byToken({ expected, token, previous }: Mistake): string | undefined {
  if (token.symbol === '==') return 'Equality is = in SQL.';
  if (token.symbol === '::') return 'Flink SQL has no ::, write CAST(value AS TYPE).';
  if (token.symbol === '=' && previous?.symbol === '=') return 'Equality is = in SQL.';
  if (token.symbol === 'ILIKE') return 'Flink SQL has no ILIKE; write LOWER(value) LIKE pattern.';
  if (token.symbol === 'RLIKE') return 'Use REGEXP(value, pattern).';
  if (token.kind === 'string' && previous?.symbol === 'E') {
    return "Flink SQL has no E'…' strings; write U&'\\000A' for a character by its code.";
  }
  const quotes = expected.some((item) => item.endsWith('in single quotes'));
  if (quotes && token.kind === 'word') return `Write '${token.text}'.`;
  const comment = expected.includes('COMMENT');
  if (comment && token.kind === 'string') return `Write COMMENT before ${describe(token)}.`;
  if (expected.includes('END')) return 'Every CASE and every BEGIN ends with END.';
  return undefined;
}

/** A keyword misspelt stands here, or was just taken for a name: `SELECT a FORM t` reads FORM as an alias. */
function bySpelling({ expected, token, previous }: Mistake): string | undefined {
  const wanted = expected.filter((item) => /^[A-Z][A-Z_ ]+$/.test(item));
  if (token.kind === 'word' && !isReserved(token.symbol)) {
    const here = meant(token, wanted);
    if (here !== undefined) return `Did you mean ${here}?`;
  }
  if (previous?.kind !== 'word' || previous.text.length < 3 || isReserved(previous.symbol)) return undefined;
  const before = token.kind === 'end' ? undefined : meant(previous, [...wanted, ...clauses]);
  return before === undefined ? undefined : `Did you mean ${before} instead of "${previous.text}"?`;
}

/** The keyword nearest to a word. GRUOP and GROUPBY are both near GROUP BY. */
function meant(token: Token, wanted: readonly string[]): string | undefined {
  if (wanted.some((word) => word === token.symbol || word.startsWith(`${token.symbol} `))) return undefined;
  const first = nearest(
    token.text,
    wanted.map((word) => word.split(' ', 1)[0] ?? word),
  );
  const found = first ?? nearest(token.text, wanted);
  return wanted.find((word) => word === found || word.startsWith(`${found} `));
}

const clauses = 'SELECT,FROM,WHERE,GROUP BY,HAVING,ORDER BY,JOIN,UNION,LIMIT,VALUES'.split(',');

const itemKinds: ReadonlySet<Token['kind']> = new Set(['quoted', 'string', 'number']);

function byComma({ expected, token, previous }: Mistake): string | undefined {
  if (previous?.symbol === ',' && (token.symbol === ')' || token.symbol === 'FROM' || token.symbol === ';')) {
    return `Remove the comma before ${describe(token)}.`;
  }
  if (previous?.symbol === ',' && token.kind === 'end') return 'Remove the last comma, or go on after it.';
  const begins = token.kind === 'word' ? !isReserved(token.symbol) : itemKinds.has(token.kind);
  if (expected.includes(',') && begins) return `Is a comma missing before ${describe(token)}?`;
  return undefined;
}
