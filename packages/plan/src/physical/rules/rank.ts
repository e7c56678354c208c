/* The rows of each partition that rank from one position to another: in a window that closes, the first or last of a key by
 * time, or kept up to date. */

import { UserError } from '#base';
import { changelogText, isInsertOnly } from '#catalog';
import { isTimeAttribute, type SortKey, type WindowSpec } from '../../logical/field.ts';
import { windowColumns } from '../../logical/kinds.ts';
import type { RankRel } from '../../logical/nodes/rank.ts';
import type { Rel } from '../../logical/rel.ts';
import type { PlanNode } from '../node.ts';
import { besideProctime } from './proctime.ts';
import type { Convert, Conversion } from './rule.ts';
import { windowZone } from './window-table.ts';

export const convertRank: Convert<RankRel> = {
  make(rel, to) {
    const input = to.convert(rel.input);
    const { start, end, window } = windowColumns(rel.input);
    const { partition } = rel;
    const ofWindow =
      start !== undefined && end !== undefined && partition.includes(start) && partition.includes(end);
    if (rel.by !== 'ROW_NUMBER') throw notRanked(rel.by, ofWindow);
    if (to.session.settings.batch) return atTheEnd(rel, input);
    if (ofWindow) return windowRank(rel, input, window!, { start, end }, to);
    return deduplicated(rel, input, to) ?? topN(rel, input, to);
  },
};

const notRanked = (fn: string, ofWindow: boolean): UserError =>
  new UserError('PLAN1007', {
    message: ofWindow
      ? `${fn}() is not supported on Window TopN, only ROW_NUMBER() is.`
      : `${fn}() on streaming table is not supported, only ROW_NUMBER() is.`,
  });

/** Batch: the rows once all are known. */
function atTheEnd(rel: RankRel, input: PlanNode): PlanNode {
  const { partition, keys, from, to, number, fields } = rel;
  const ranks = { partition, keys, from, to, numbered: number !== undefined, latestOfEquals: false };
  return { kind: 'window-rank', inputs: [input], window: undefined, ...ranks, zone: undefined, fields };
}

function windowRank(
  rel: RankRel,
  input: PlanNode,
  spec: WindowSpec,
  window: { readonly start: number; readonly end: number },
  to: Conversion,
): PlanNode {
  if (spec.timeKind === 'proctime')
    throw new UserError('PLAN1007', { message: 'Processing time Window TopN is not supported.' });
  if (!isInsertOnly(to.upward.changes(input, true)))
    throw new UserError('PLAN2002', {
      message: `WindowRank doesn't support consuming update and delete changes ${changelogText(to.upward.changes(input, true))}`,
      hint: 'Leave one of window_start and window_end out of PARTITION BY: then the ranks are kept up to date.',
    });
  const { partition, keys, from, to: last, number, fields } = rel;
  const [first, ...others] = keys;
  const byTime = first !== undefined && others.length === 0 && isTimeOfWindow(rel.input, first.column);
  return {
    kind: 'window-rank',
    inputs: [input],
    partition,
    window,
    keys,
    from,
    to: last,
    numbered: number !== undefined,
    latestOfEquals: byTime && first.descending && last === 1,
    zone: windowZone(spec, to),
    fields,
  };
}

/** The time column of a window, or the one that the window was made of. */
function isTimeOfWindow(rel: Rel, index: number): boolean {
  if (rel.fields[index]!.time === 'rowtime') return true;
  switch (rel.kind) {
    case 'window-table':
      return rel.window.timeKind === 'rowtime' && index === rel.window.time;
    case 'filter':
      return isTimeOfWindow(rel.input, index);
    case 'project': {
      const expr = rel.exprs[index]!;
      return expr.kind === 'column' && isTimeOfWindow(rel.input, expr.index);
    }
    default:
      return false;
  }
}

/** One row of each key by a time attribute; undefined: it is more than that. */
function deduplicated(rel: RankRel, input: PlanNode, { upward, session }: Conversion): PlanNode | undefined {
  const { partition, keys, to, number, fields } = rel;
  const [key, ...others] = keys;
  const time = key && fields[key.column]!.time;
  if (to > 1 || number !== undefined || others.length > 0 || !isTimeAttribute(time)) return undefined;
  if (!isInsertOnly(upward.changes(input, true))) return undefined;
  return {
    kind: 'deduplicate',
    inputs: [input],
    keys: partition,
    keep: key!.descending ? 'last' : 'first',
    time: time === 'rowtime' ? key!.column : undefined,
    ttlMs: session.settings.durationMs('table.exec.state.ttl'),
    fields,
  };
}

/** The first rows of each partition, however its input changes. */
function topN(rel: RankRel, input: PlanNode, to: Conversion): PlanNode {
  const { partition, from, to: last, number } = rel;
  // To the rows of a stream its processing time is the same: they come in order of arrival.
  const keys = rel.keys.filter((k) => rel.fields[k.column]!.time !== 'proctime');
  const numbered = number !== undefined;
  const { strategy, rowKey } = rankStrategy(input, partition, keys, to);
  const byPosition = numbered || from > 1 || (last === 1 && strategy !== 'retract');
  const ttlMs = to.session.settings.durationMs('table.exec.state.ttl');
  const node = (of: PlanNode, at: (column: number) => number, fields: RankRel['fields']): PlanNode => ({
    kind: 'rank',
    inputs: [of],
    partition: partition.map(at),
    keys: keys.map((k) => ({ ...k, column: at(k.column) })),
    from,
    to: last,
    strategy,
    rowKey,
    byPosition,
    numbered,
    ttlMs,
    fields,
  });
  if (strategy !== 'retract') return node(input, (column) => column, rel.fields);
  return besideProctime(input, rel.fields, partition, node);
}

/** How the first rows of an input are kept up to date. */
export function rankStrategy(
  input: PlanNode,
  partition: readonly number[],
  keys: readonly SortKey[],
  to: Conversion,
): { readonly strategy: 'append' | 'update' | 'retract'; readonly rowKey: readonly number[] } {
  if (isInsertOnly(to.upward.changes(input, true))) return { strategy: 'append', rowKey: [] };
  const rowKey = growingKey(input, partition, keys, to);
  return rowKey === undefined ? { strategy: 'retract', rowKey: [] } : { strategy: 'update', rowKey };
}

/** An upsert key of an input whose rows never move down in the order, nor go; undefined: there is none. */
function growingKey(
  input: PlanNode,
  partition: readonly number[],
  keys: readonly SortKey[],
  { upward }: Conversion,
): readonly number[] | undefined {
  if (upward.changes(input, true).delete || keys.length === 0) return undefined;
  const up = ({ column, descending, nullsLast }: SortKey): boolean => {
    const course = upward.course(input, column);
    // What begins as NULL and then gets a value must not move down with that.
    if (input.fields[column]!.type.nullable && course !== 'constant' && !nullsLast) return false;
    return course === 'constant' || course === (descending ? 'grows' : 'falls');
  };
  if (!keys.every(up)) return undefined;
  return upward.keys(input).upsert.find((key) => partition.every((c) => key.includes(c)));
}
