/* OVER: functions over a window of rows around each row. A stream knows only the rows before the current one. */

import { UserError } from '#base';
import { changelogText, isInsertOnly } from '#catalog';
import type { OverCall } from '#expr';
import { isTimeAttribute } from '../../logical/field.ts';
import type { OverRel } from '../../logical/nodes/over.ts';
import type { PlanNode } from '../node.ts';
import { besideProctime } from './proctime.ts';
import type { Convert, Conversion } from './rule.ts';

export const convertOver: Convert<OverRel> = {
  make(rel, to) {
    const input = to.convert(rel.input);
    if (to.session.settings.batch) return atTheEnd(rel, input);
    checkStreams(rel);
    const time = rel.fields[rel.window.keys[0]!.column]!.time;
    if (isTimeAttribute(time)) return byTime(rel, input, to);
    return sorted(rel, input, to);
  },
};

/** Batch: once all rows are known. */
const atTheEnd = ({ window, calls, fields }: OverRel, input: PlanNode): PlanNode => ({
  kind: 'over-final',
  inputs: [input],
  window,
  calls,
  fields,
});

/** Throws what a stream cannot compute, with Flink's reason. */
function checkStreams({ window: { keys, frame }, calls }: OverRel): void {
  const refused = (message: string, hint?: string): UserError => new UserError('PLAN1006', { message, hint });
  const later = calls.find((c) => ['LEAD', 'NTILE', 'PERCENT_RANK', 'CUME_DIST'].includes(c.fn));
  if (later !== undefined)
    throw refused(`${later.fn} is not supported on a stream: it depends on rows that are yet to come.`);
  if (keys.length !== 1)
    throw refused(
      `The window of OVER can only be ordered by a single column on a stream, found ${keys.length}.`,
      'Order it by the rowtime or the processing time of the table.',
    );
  if (keys[0]!.descending)
    throw refused('The window of OVER can only be ordered in ASCENDING mode on a stream.');
  if (frame.to !== 0 || frame.from > 0)
    throw refused(
      'The frame of OVER must end with CURRENT ROW on a stream: rows behind it are yet to come.',
      'Write ROWS, or RANGE, BETWEEN … PRECEDING AND CURRENT ROW.',
    );
}

function byTime(rel: OverRel, input: PlanNode, { upward, session }: Conversion): PlanNode {
  const changes = upward.changes(input, true);
  if (!isInsertOnly(changes))
    throw new UserError('PLAN2002', {
      message: `OverAggregate doesn't support consuming update and delete changes ${changelogText(changes)}`,
      hint: 'An OVER window on a time attribute takes rows that only come. Order it by another column: then its results change with its rows.',
    });
  const { window, fields } = rel;
  const { column } = window.keys[0]!;
  return {
    kind: 'over-aggregate',
    inputs: [input],
    window,
    calls: rel.calls.map((c) => withSortKeys(c, rel)),
    time: fields[column]!.time === 'rowtime' ? column : undefined,
    ttlMs: session.settings.durationMs('table.exec.state.ttl'),
    fields,
  };
}

/** By anything else: rows may come in front of others at any time. */
function sorted(rel: OverRel, input: PlanNode, { session }: Conversion): PlanNode {
  const { window, fields } = rel;
  if (window.frame.from !== -Infinity)
    throw new UserError('PLAN1006', {
      message: 'Non-time attribute sort is not supported for bounded OVER window on a stream.',
      hint: 'Order the window by the rowtime, or leave its frame open: BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW.',
    });
  const calls = rel.calls.map((c) => withSortKeys(c, rel));
  const ttlMs = session.settings.durationMs('table.exec.state.ttl');
  const read = [...window.partition, ...window.keys.map((k) => k.column), ...calls.flatMap((c) => c.args)];
  return besideProctime(input, fields, read, (of, at, kept) => ({
    kind: 'over-sorted',
    inputs: [of],
    window: {
      partition: window.partition.map(at),
      keys: window.keys.map((k) => ({ ...k, column: at(k.column) })),
      frame: window.frame,
    },
    calls: calls.map((c) => ({ ...c, args: c.args.map(at) })),
    ttlMs,
    fields: kept,
  }));
}

/** Ranks compare the sort keys of rows. In order of arrival no two rows are equal. */
function withSortKeys(call: OverCall, { window: { keys }, input }: OverRel): OverCall {
  if (call.fn !== 'RANK' && call.fn !== 'DENSE_RANK') return call;
  if (keys.some((k) => input.fields[k.column]!.time === 'proctime')) return { ...call, fn: 'ROW_NUMBER' };
  const args = keys.map((k) => k.column);
  return { ...call, args, argTypes: args.map((a) => input.fields[a]!.type) };
}
