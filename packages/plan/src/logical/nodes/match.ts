/* MATCH_RECOGNIZE: one row for each run of rows that fits a pattern. Fields: the partition's columns, then the measures. */

import { columnsOf, type Expr } from '#expr';
import type { MatchPart, MatchSkip } from '#job';
import { columnNames, exprText, orderText } from '../../text.ts';
import type { RelField, SortKey } from '../field.ts';
import { noWindow, oneInput, type Pruned, type RelKind } from '../kind.ts';
import { moved, unionOf } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';
import { picked } from './project.ts';

/** A variable of a pattern and how many rows in a row it takes. */
export interface PatternElement {
  readonly variable: string;
  readonly min: number;
  readonly max: number;
  /** It takes every row that it can before the next variable gets one. */
  readonly greedy: boolean;
}

/** What a pattern is and gives; see #job for its parts. */
export interface MatchPattern {
  readonly elements: readonly PatternElement[];
  /** Of the elements, then those that are only defined and never have a row. */
  readonly variables: readonly string[];
  readonly skip: MatchSkip;
  readonly withinMs: number;
  readonly parts: readonly MatchPart[];
  /** By element, over the parts. */
  readonly conditions: readonly (Expr | undefined)[];
  readonly measures: readonly Expr[];
}

export interface MatchRel extends MatchPattern {
  readonly kind: 'match';
  readonly input: Rel;
  readonly partition: readonly number[];
  readonly order: readonly SortKey[];
  readonly fields: readonly RelField[];
}

/** Columns of the input that it reads, one by one. */
export const matchColumns = (rel: Pick<MatchRel, 'partition' | 'order' | 'parts'>): number[] => [
  ...rel.partition,
  ...rel.order.map((k) => k.column),
  ...rel.parts.flatMap((p) => (p.kind === 'column' ? [p.column] : [])),
];
/** Expressions over the input that it reads. */
export const matchArguments = ({ parts }: Pick<MatchRel, 'parts'>): Expr[] =>
  parts.flatMap((p) => (p.kind === 'aggregate' && p.arg !== undefined ? [p.arg] : []));

/** A B* C{2,}?: as it was written. */
export const patternText = (elements: readonly PatternElement[]): string =>
  elements.map((e) => `${e.variable}${quantifierText(e)}`).join(' ');
function quantifierText({ min, max, greedy }: PatternElement): string {
  if (min === 1 && max === 1) return '';
  if (min === 0 && max === 1) return '?';
  const upTo = max === Infinity ? '' : String(max);
  const often =
    max === Infinity && min < 2 ? (min === 0 ? '*' : '+') : min === max ? `{${min}}` : `{${min},${upTo}}`;
  return greedy || min === max ? often : `${often}?`;
}

/** What its parts are called over columns of these names. */
function partNames({ parts, variables }: MatchPattern, input: readonly RelField[]): RelField[] {
  return parts.map((p) => {
    if (p.kind === 'rowtime') return { name: 'MATCH_ROWTIME()', type: p.type, time: undefined };
    const of = p.variable < 0 ? '' : `${variables[p.variable]!}.`;
    const name =
      p.kind === 'column'
        ? `${p.from.toUpperCase()}(${of}${input[p.column]?.name ?? p.column}, ${p.offset})`
        : `${p.fn}(${of}${p.arg === undefined ? '*' : exprText(p.arg, input)})`;
    return { name, type: p.type, time: undefined };
  });
}

const skips: { readonly [K in MatchSkip['kind']]: string } = {
  'past-last': 'SKIP PAST LAST ROW',
  'to-next': 'SKIP TO NEXT ROW',
  'to-first': 'SKIP TO FIRST ',
  'to-last': 'SKIP TO LAST ',
};
const skipText = ({ skip, variables }: Pick<MatchPattern, 'skip' | 'variables'>): string =>
  `${skips[skip.kind]}${'variable' in skip ? variables[skip.variable]! : ''}`;

/** A pattern in a line of EXPLAIN. */
export function matchText(rel: Omit<MatchRel, 'kind' | 'input'>, input: readonly RelField[]): string {
  const names = partNames(rel, input);
  const first = rel.partition.length;
  const measures = rel.measures.map((m, i) => `${exprText(m, names)} AS ${rel.fields[first + i]!.name}`);
  const define = rel.conditions.flatMap((c, i) =>
    c === undefined ? [] : [`${rel.elements[i]!.variable} AS ${exprText(c, names)}`],
  );
  return [
    `partitionBy=[${columnNames(rel.partition, input)}]`,
    `orderBy=[${orderText(rel.order, input)}]`,
    `measures=[${measures.join(', ')}]`,
    `after=[${skipText(rel)}]`,
    `pattern=[${patternText(rel.elements)}]`,
    ...(rel.withinMs > 0 ? [`within=[${rel.withinMs} ms]`] : []),
    `define=[${define.join(', ')}]`,
  ].join(', ');
}

export const matchKind: RelKind<MatchRel> = {
  ...oneInput,
  reads: (rel) => ({
    exprs: matchArguments(rel).map((expr) => ({ expr, over: rel.input.fields })),
    columns: matchColumns(rel).map((index) => ({ index, over: rel.input.fields })),
  }),
  windows: () => noWindow,
  text: (rel) => `LogicalMatch(${matchText(rel, rel.input.fields)})`,

  /** Only its input is narrowed: what a match gives is few. */
  prune(rel, _needed, prune): Pruned {
    const used = unionOf(matchColumns(rel), ...matchArguments(rel).map((e) => columnsOf(e)));
    const input = picked(prune(rel.input, used), used);
    const to = (old: number): number => input.at.get(old)!;
    const parts = rel.parts.map((p): MatchPart => {
      if (p.kind === 'column') return { ...p, column: to(p.column) };
      if (p.kind === 'rowtime') return p;
      return { ...p, arg: p.arg === undefined ? undefined : moved(p.arg, input.at) };
    });
    const partition = rel.partition.map(to);
    const order = rel.order.map((k) => ({ ...k, column: to(k.column) }));
    return {
      rel: { ...rel, input: input.rel, partition, order, parts },
      at: new Map(rel.fields.map((_, i) => [i, i])),
    };
  },
};
