/* MATCH_RECOGNIZE: patterns over rows, from SQL:2016, as far as Flink's grammar has them. */

import type { MatchRecognize, RowPattern, TableRef } from '../ast/queries.ts';
import type { Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { parseExpression } from './expressions.ts';
import { parseCount, parseName, parseNames } from './names.ts';
import { parseTableAlias } from './tables.ts';
import { parseOrderBy } from './windows.ts';

/** MATCH_RECOGNIZE (…) [AS alias] over `input`, which began at `first`. */
export function parseMatchRecognize(c: Cursor, first: Token, input: TableRef): MatchRecognize {
  c.expectAll('MATCH_RECOGNIZE', '(');
  const partitionBy = c.acceptAll('PARTITION', 'BY') ? c.list(parseExpression) : [];
  const orderBy = parseOrderBy(c);
  const measures = c.accept('MEASURES') ? c.list(parseMeasure) : [];
  const rowsPerMatch = parseRowsPerMatch(c);
  const afterMatch = c.acceptAll('AFTER', 'MATCH') ? parseAfterMatch(c) : undefined;
  c.expect(
    'PATTERN',
    ...(measures.length > 0 && rowsPerMatch === undefined ? [',', 'ONE ROW PER MATCH'] : []),
  );
  c.expect('(');
  const pattern = parseAlternation(c);
  c.expect(')', 'a pattern variable');
  const within = c.accept('WITHIN') ? parseExpression(c) : undefined;
  const subsets = c.accept('SUBSET') ? c.list(parseSubset) : [];
  c.expect('DEFINE');
  const define = c.list(parseDefinition);
  c.expect(')', ',');
  const alias = parseTableAlias(c);
  const span = c.spanFrom(first);
  return {
    kind: 'match-recognize',
    input,
    partitionBy,
    orderBy,
    measures,
    rowsPerMatch,
    afterMatch,
    pattern,
    within,
    subsets,
    define,
    alias,
    span,
  };
}

function parseMeasure(c: Cursor): MatchRecognize['measures'][number] {
  const expression = parseExpression(c);
  c.expect('AS');
  return { expression, alias: parseName(c, 'the name of a measure') };
}

function parseRowsPerMatch(c: Cursor): MatchRecognize['rowsPerMatch'] {
  if (c.acceptAll('ONE', 'ROW', 'PER', 'MATCH')) return 'ONE';
  return c.acceptAll('ALL', 'ROWS', 'PER', 'MATCH') ? 'ALL' : undefined;
}

function parseAfterMatch(c: Cursor): MatchRecognize['afterMatch'] {
  c.expect('SKIP');
  if (c.acceptAll('PAST', 'LAST', 'ROW')) return { kind: 'PAST LAST ROW' };
  if (c.acceptAll('TO', 'NEXT', 'ROW')) return { kind: 'NEXT ROW' };
  if (!c.accept('TO')) return c.fail('PAST LAST ROW', 'TO NEXT ROW', 'TO FIRST', 'TO LAST');
  const named = c.atName(1) ? c.acceptOne('FIRST', 'LAST') : undefined;
  return { kind: named ?? 'LAST', variable: parseName(c, 'a pattern variable') };
}

function parseSubset(c: Cursor): MatchRecognize['subsets'][number] {
  const name = parseName(c, 'the name of a subset');
  c.expect('=');
  return { name, of: parseNames(c, 'a pattern variable') };
}

function parseDefinition(c: Cursor): MatchRecognize['define'][number] {
  const variable = parseName(c, 'a pattern variable');
  c.expect('AS');
  return { variable, condition: parseExpression(c) };
}

/** A | B C. */
function parseAlternation(c: Cursor): RowPattern {
  const items = [parseSequence(c)];
  while (c.accept('|')) items.push(parseSequence(c));
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'alternation', items };
}

function parseSequence(c: Cursor): RowPattern {
  const items = [parseFactor(c)];
  while (beginsFactor(c)) items.push(parseFactor(c));
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'sequence', items };
}

function beginsFactor(c: Cursor): boolean {
  return (c.atName() && !c.at('DEFINE')) || c.at('(') || c.at('{') || c.at('^') || c.at('$');
}

function parseFactor(c: Cursor): RowPattern {
  const item = parsePatternPrimary(c);
  const bounds = parseQuantifier(c);
  if (bounds === undefined) return item;
  return { kind: 'repeat', item, ...bounds, reluctant: c.accept('?') };
}

function parsePatternPrimary(c: Cursor): RowPattern {
  const anchor = c.acceptOne('^', '$');
  if (anchor !== undefined) return { kind: 'anchor', at: anchor };
  if (c.accept('(')) {
    const pattern = c.nested(() => parseAlternation(c));
    c.expect(')');
    return pattern;
  }
  if (c.acceptAll('{', '-')) {
    const item = c.nested(() => parseAlternation(c));
    c.expectAll('-', '}');
    return { kind: 'exclusion', item };
  }
  if (c.at('PERMUTE') && c.at('(', 1)) {
    c.next();
    return { kind: 'permute', items: c.nested(() => c.parenthesized(parseAlternation)) };
  }
  return { kind: 'variable', name: parseName(c, 'a pattern variable') };
}

/** `*`, `+`, `?`, `{n}`, `{n,}`, `{,m}`, `{n,m}`; undefined when none stands here. */
function parseQuantifier(c: Cursor): { min: number; max: number | undefined } | undefined {
  if (c.accept('*')) return { min: 0, max: undefined };
  if (c.accept('+')) return { min: 1, max: undefined };
  if (c.accept('?')) return { min: 0, max: 1 };
  if (c.at('-', 1) || !c.accept('{')) return undefined;
  const min = c.at(',') ? 0 : parseCount(c);
  let max: number | undefined = min;
  if (c.accept(',')) max = c.at('}') ? undefined : parseCount(c);
  c.expect('}', ',');
  return { min, max };
}
