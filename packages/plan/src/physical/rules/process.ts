/* Process table functions: their tables only come, or change where the function says that it reads changes; each call with state under a
 * uid of its own. */

import { UserError } from '#base';
import { isInsertOnly } from '#catalog';
import { processTables, userProcess, type ProcessTable } from '#expr';
import { notYet } from '../../bind/not-yet.ts';
import type { ProcessCall, ProcessRel } from '../../logical/nodes/process.ts';
import { topological, type PlanNode } from '../node.ts';
import { isUpsertedByPartition, takesSets, type ProcessNode } from '../nodes/process.ts';
import { requireInserts } from './inserts-only.ts';
import type { Convert, Conversion } from './rule.ts';
import { upsertsBelow } from './process-upserts.ts';

export const convertProcess: Convert<ProcessRel> = {
  make({ inputs, ...call }, to) {
    const { settings } = to.session;
    if (settings.batch) throw notYet('a process table function in batch mode', undefined);
    const below = inputs.map((input, i) => tableOf(call, i, to.convert(input), to));
    const ttlMs = settings.durationMs('table.exec.state.ttl');
    const node: ProcessNode = { ...call, inputs: below, ttlMs, keyOnlyDeletes: false };
    requireOneTime(node, to);
    return node;
  },
};

function tableOf(call: ProcessCall, number: number, below: PlanNode, to: Conversion): PlanNode {
  const table = processTables(userProcess(call.fn))[number]!;
  const { partition, order } = call.tables[number]!;
  const read = readOf(call, number, table, below, to);
  if (order.length === 0) return read;
  const { fields } = read;
  return {
    kind: 'ordered-rows',
    inputs: [read],
    uid: `${call.uid}/${table.name}`,
    partition,
    keys: order,
    fields,
  };
}
/** The table as it comes, with the changes that the function takes. */
function readOf(
  call: ProcessCall,
  number: number,
  table: ProcessTable,
  below: PlanNode,
  to: Conversion,
): PlanNode {
  const { title } = userProcess(call.fn);
  if (!table.supportsUpdates) {
    requireInserts(below, title, 'ProcessTableFunction', to, changesHint(table.name));
    return below;
  }
  if (table.semantics === 'row' || table.requiresUpdateBefore) return below;
  const { partition, order } = call.tables[number]!;
  // A key alone has no time by which it could wait.
  const whole = table.requiresFullDelete || order.length > 0;
  const upserts = upsertsBelow(below, partition, whole, to);
  return isUpsertedByPartition(call, number, to.upward.of(upserts))
    ? withoutUpdateBefore(upserts, to)
    : upserts;
}
/** -U goes; where its +U may not follow, it comes as -D. */
function withoutUpdateBefore(input: PlanNode, { upward }: Conversion): PlanNode {
  if (!upward.changes(input, false).updateBefore) return input;
  const { fields } = input;
  const asDelete = upward.partsUpdates(input);
  return { kind: 'drop-update-before', inputs: [input], asDelete, whole: false, fields };
}
const changesHint = (table: string): string =>
  `A process table function takes rows that only come, unless its table "${table}" has supportUpdates: true; TO_CHANGELOG(input => TABLE …) in front of it makes such rows of changes.`;

/** Throws PLAN2003 where a row that is taken back would have a time of its own. */
function requireOneTime(node: ProcessNode, { upward }: Conversion): void {
  if (node.tables.every(({ time }) => time === undefined)) return;
  const changing = [...node.inputs, node].some((n) => !isInsertOnly(upward.changes(n, true)));
  if (changing)
    throw new UserError('PLAN2003', {
      message:
        'Time operations using the `on_time` argument are currently not supported for PTFs that consume or produce updates.',
      hint: 'Leave on_time out, or read rows that only come.',
    });
}

/** Throws PLAN2015 where two calls that differ have one uid: their state would be one. Equal calls are one node. */
export function requireOwnUids(roots: readonly PlanNode[]): void {
  const seen = new Set<string>();
  for (const node of topological(roots)) {
    if (node.kind !== 'process' || !takesSets(node)) continue;
    if (seen.has(node.uid))
      throw new UserError('PLAN2015', {
        message: `Duplicate unique identifier '${node.uid}' detected among process table functions. Make sure that all PTF calls have an identifier defined that is globally unique.`,
        hint: `Give each call its own: ${userProcess(node.fn).title}(…, uid => 'my-id').`,
      });
    seen.add(node.uid);
  }
}
