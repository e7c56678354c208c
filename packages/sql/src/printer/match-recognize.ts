/* MATCH_RECOGNIZE as canonical text. */

import { unreachable } from '#base';
import type { MatchRecognize, RowPattern } from '../ast/queries.ts';
import { printExpression, printList } from './expressions.ts';
import { printName, printNames } from './names.ts';
import { printTable, printTableAlias } from './tables.ts';
import { printOrderBy } from './windows.ts';

export function printMatchRecognize(match: MatchRecognize): string {
  const { input, measures, within, subsets } = match;
  const bare = input.kind !== 'join' && input.kind !== 'match-recognize';
  const clauses = [
    match.partitionBy.length === 0 ? '' : `PARTITION BY ${printList(match.partitionBy)}`,
    printOrderBy(match.orderBy).trimStart(),
    measures.length === 0 ? '' : `MEASURES ${measures.map(printMeasure).join(', ')}`,
    match.rowsPerMatch === undefined
      ? ''
      : `${match.rowsPerMatch === 'ONE' ? 'ONE ROW' : 'ALL ROWS'} PER MATCH`,
    printAfterMatch(match.afterMatch),
    `PATTERN (${printPattern(match.pattern)})`,
    within === undefined ? '' : `WITHIN ${printExpression(within)}`,
    subsets.length === 0
      ? ''
      : `SUBSET ${subsets.map(({ name, of }) => `${printName(name)} = ${printNames(of)}`).join(', ')}`,
    `DEFINE ${match.define.map(printDefinition).join(', ')}`,
  ];
  const inside = clauses.filter((clause) => clause !== '').join(' ');
  const table = bare ? printTable(input) : `(${printTable(input)})`;
  return `${table} MATCH_RECOGNIZE (${inside})${printTableAlias(match.alias)}`;
}

function printMeasure({ expression, alias }: MatchRecognize['measures'][number]): string {
  return `${printExpression(expression)} AS ${printName(alias)}`;
}

function printDefinition({ variable, condition }: MatchRecognize['define'][number]): string {
  return `${printName(variable)} AS ${printExpression(condition)}`;
}

function printAfterMatch(afterMatch: MatchRecognize['afterMatch']): string {
  if (afterMatch === undefined) return '';
  if ('variable' in afterMatch)
    return `AFTER MATCH SKIP TO ${afterMatch.kind} ${printName(afterMatch.variable)}`;
  return `AFTER MATCH SKIP ${afterMatch.kind === 'NEXT ROW' ? 'TO ' : ''}${afterMatch.kind}`;
}

function printPattern(pattern: RowPattern): string {
  switch (pattern.kind) {
    case 'variable':
      return printName(pattern.name);
    case 'anchor':
      return pattern.at;
    case 'sequence':
      return pattern.items.map((item) => printPart(item, 'alternation', 'sequence')).join(' ');
    case 'alternation':
      return pattern.items.map((item) => printPart(item, 'alternation')).join(' | ');
    case 'permute':
      return `PERMUTE(${pattern.items.map(printPattern).join(', ')})`;
    case 'exclusion':
      return `{- ${printPattern(pattern.item)} -}`;
    case 'repeat': {
      const item = printPart(pattern.item, 'alternation', 'sequence', 'repeat');
      return `${item}${printQuantifier(pattern.min, pattern.max)}${pattern.reluctant ? '?' : ''}`;
    }
    default:
      return unreachable(pattern);
  }
}

/** A part of a pattern, in parentheses where its kind binds too loosely. */
function printPart(pattern: RowPattern, ...loose: readonly RowPattern['kind'][]): string {
  return loose.includes(pattern.kind) ? `(${printPattern(pattern)})` : printPattern(pattern);
}

function printQuantifier(min: number, max: number | undefined): string {
  if (max === undefined) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}
