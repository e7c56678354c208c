/* Which columns must be the same each time a row is computed: what takes rows back finds them by these. Wanted from above,
 * per reader; what cannot hold is refused, and what a lookup join can make hold is kept by it.
 *
 *   sink without key, all columns ─▶ calc: refuses UUID() among them ─▶ what its expressions read ─▶ lookup join: kept ─▶ …
 *
 * 'table.optimizer.non-deterministic-update.strategy' = TRY_RESOLVE. Flink: StreamNonDeterministicUpdatePlanVisitor. */

import { UserError } from '#base';
import { isInsertOnly, type ChangelogMode } from '#catalog';
import { columnsOf, variableCall, type Expr } from '#expr';
import { exprText } from '../../text.ts';
import { nodeKind } from '../kinds.ts';
import { rebuild, topological, withNodeInputs, type PlanNode } from '../node.ts';
import type { LookupJoinNode } from '../nodes/lookup-join.ts';
import type { ScanNode } from '../nodes/scan.ts';
import { givenChanges, neededUpdateBefore } from './changes.ts';
import { Upward } from './upward.ts';

type Columns = ReadonlySet<number>;
const none: Columns = new Set();
const all = (node: PlanNode): Columns => new Set(node.fields.keys());

/** The plan with lookup joins that keep what they gave where it must be given again. `rootsNeed`: the roots are read by
 *  whole rows, with -U. Throws PLAN2013. */
export function resolveDeterminism(roots: readonly PlanNode[], rootsNeed: boolean): readonly PlanNode[] {
  const upward = new Upward();
  const given = givenChanges(roots, neededUpdateBefore(roots, rootsNeed));
  const required = new Map<PlanNode, Set<number>>();
  const kept = new Set<PlanNode>();
  const ask = (node: PlanNode, columns: Columns): void => {
    const asked = required.get(node) ?? new Set();
    required.set(node, asked);
    for (const c of besideKey(columns, upward.keys(node).upsert)) asked.add(c);
  };
  if (rootsNeed) for (const root of roots) if (!isInsertOnly(given.get(root)!)) ask(root, all(root));
  const order = topological(roots);
  const normalized = new Set(order.filter((n) => n.kind === 'normalize').flatMap((n) => n.inputs));
  for (const node of order.toReversed()) {
    const wanted = required.get(node) ?? none;
    const inputs = node.inputs.map((input) => given.get(input)!);
    if (node.kind === 'scan') checkScan(node, wanted, normalized.has(node));
    if (node.kind === 'lookup-join' && mustKeep(node, wanted, inputs)) kept.add(node);
    node.inputs.forEach((input, i) => {
      ask(input, ofInput(node, i, wanted, inputs, upward));
    });
  }
  return rebuild(roots, (node, inputs) => {
    const same = withNodeInputs(node, inputs);
    if (same.kind !== 'lookup-join' || !kept.has(node)) return same;
    const [input] = node.inputs;
    return { ...same, keptBy: upward.keys(input!).upsert[0] ?? [...all(input!)] };
  });
}

/** A key is always the same, so what is wanted is what stands beside it: the key that leaves least. */
function besideKey(columns: Columns, keys: readonly (readonly number[])[]): Columns {
  const left = keys.map((key) => new Set([...columns].filter((c) => !key.includes(c))));
  return left.reduce<Columns>((least, l) => (l.size < least.size ? l : least), columns);
}

/** What a node asks of an input. Throws PLAN2013 where what it is asked for cannot be had. */
function ofInput(
  node: PlanNode,
  input: number,
  wanted: Columns,
  inputs: readonly ChangelogMode[],
  upward: Upward,
): Columns {
  const below = node.inputs[input]!;
  const width = below.fields.length;
  const within = (at = 0): Columns =>
    new Set([...wanted].flatMap((c) => (c >= at && c < at + width ? [c - at] : [])));
  const grown = !isInsertOnly(inputs[input]!);
  switch (node.kind) {
    case 'sink':
      return !grown ? none : node.key.length === 0 ? all(below) : new Set(node.key);
    case 'calc':
      if (!grown || wanted.size === 0) return none;
      checkCondition(node.condition, below);
      checkColumns(node, wanted, (c) => node.exprs[c]!);
      return new Set([...wanted].flatMap((c) => [...columnsOf(node.exprs[c]!)]));
    case 'lookup-join':
    case 'unnest':
    case 'window-table':
    case 'expand':
      return grown ? within() : none;
    case 'check-rows':
    case 'normalize':
    case 'drop-update-before':
    case 'union':
    case 'ordered-rows':
    case 'sort':
    case 'limit':
      return wanted;
    case 'group-aggregate':
    case 'window-aggregate':
    case 'emit-window-aggregate':
      return grown ? readBy(node) : none;
    case 'materialize':
    case 'compact':
    case 'to-changelog':
    case 'process':
    case 'match':
    case 'deduplicate':
    case 'replicate':
    case 'window-rank':
      return grown ? all(below) : none;
    case 'rank':
      if (!grown) return none;
      if (node.strategy !== 'update') return all(below);
      return new Set(
        [...within()].filter((c) => !node.partition.includes(c) && !node.keys.some((k) => k.column === c)),
      );
    case 'over-aggregate':
    case 'over-sorted':
    case 'over-final':
      return grown ? new Set([...within(), ...readBy(node)]) : none;
    case 'join':
    case 'interval-join':
    case 'window-join':
    case 'temporal-join': {
      const type: string = node.type;
      const inner = type === 'inner' || type === 'semi';
      if (inputs.some((m) => !isInsertOnly(m)) || !inner) checkCondition(node.condition, node);
      if (!grown) return none;
      const keyed = upward.keys(below).upsert.length > 0;
      return keyed ? within(input === 0 ? 0 : node.inputs[0].fields.length) : all(below);
    }
    case 'from-changelog':
    case 'dead-letters':
    case 'predict':
    case 'freshness':
    case 'scan':
    case 'values':
      return none;
  }
}
const readBy = (node: PlanNode): Columns =>
  new Set(
    nodeKind(node)
      .reads(node)
      .columns.map((c) => c.index),
  );

/** What was looked up may be another row when it is taken back, unless nobody asks for more of it than the key itself. */
function mustKeep(node: LookupJoinNode, wanted: Columns, [input]: readonly ChangelogMode[]): boolean {
  if (isInsertOnly(input!) || wanted.size === 0) return false;
  checkCondition(node.condition, node);
  const width = node.inputs[0].fields.length;
  const key = node.primaryKey.map((k) => k + width);
  const byKey =
    node.primaryKey.length > 0 && node.primaryKey.every((k) => node.keys.some((l) => l.right === k));
  return [...wanted].some((c) => c >= width && !(byKey && key.includes(c)));
}

function checkScan(node: ScanNode, wanted: Columns, normalized: boolean): void {
  if (isInsertOnly(node.changelog) || wanted.size === 0) return;
  const exprOf = (c: number): Expr =>
    node.exprs?.[c] ?? { kind: 'column', index: c, type: node.fields[c]!.type };
  checkColumns(node, wanted, exprOf);
  if (normalized) return;
  const first = node.produced.length - node.metadata.length;
  const found = [...wanted].filter((c) => [...columnsOf(exprOf(c))].some((p) => p >= first));
  if (found.length === 0) return;
  throw new UserError('PLAN2013', {
    message: `The metadata column(s): '${found.map((c) => node.fields[c]!.name).join(', ')}' in cdc source may cause wrong result or error on downstream operators`,
    hint: 'Remove these columns, or read a source that only inserts: a row may be taken back with other metadata than it came with.',
  });
}

function checkColumns(node: PlanNode, wanted: Columns, exprOf: (column: number) => Expr): void {
  const found = [...wanted].flatMap((c) => {
    const call = variableCall(exprOf(c));
    return call === undefined
      ? []
      : [`${node.fields[c]!.name}(generated by non-deterministic function: ${call})`];
  });
  if (found.length === 0) return;
  throw new UserError('PLAN2013', {
    message: `The column(s): ${found.join(', ')} can not satisfy the determinism requirement for correctly processing update message('UB'/'UA'/'D' in changelogMode, not 'I' only), this usually happens when input node has no upsertKey or current node outputs non-deterministic update messages`,
    hint: 'Leave the column out, write into a table by the key of the query, or compute it where rows only come.',
  });
}
function checkCondition(condition: Expr | undefined, over: PlanNode): void {
  const call = condition && variableCall(condition);
  if (call === undefined) return;
  throw new UserError('PLAN2013', {
    message: `There exists non deterministic function: '${call}' in condition: '${exprText(condition!, over.fields)}' which may cause wrong result in update pipeline`,
    hint: 'A row that passes when it comes may not pass when it is taken back. Compare columns alone.',
  });
}
