/* What must hold of a finished plan: ids that are unique, columns within bounds and of the types that are there, keys within
 * bounds, kinds of change that their readers take. It stays on: a false one is a bug of the planner. */

import { assert } from '#base';
import { changelogText, type ChangelogMode } from '#catalog';
import { sameType } from '#data';
import { checkExpr } from '../logical/check-rels.ts';
import { nodeKind } from './kinds.ts';
import type { PhysicalPlan, PlannedNode } from './plan.ts';

export function checkPlan(plan: PhysicalPlan): void {
  const ids = new Set<string>();
  for (const [i, planned] of plan.nodes.entries()) {
    const { node, id, inputs, traits } = planned;
    assert(!ids.has(id), `the id ${id} is there once`);
    ids.add(id);
    assert(inputs.length === node.inputs.length, `${id}: one index an input`);
    inputs.forEach((input, n) => {
      assert(input < i, `${id}: inputs come first`);
      assert(plan.nodes[input]!.node === node.inputs[n], `${id}: its input is the node of that index`);
    });
    for (const key of [...traits.upsertKeys, ...traits.uniqueKeys])
      assert(
        key.every((c) => c >= 0 && c < node.fields.length),
        `${id}: keys are columns`,
      );
    checkReads(planned);
    checkChanges(
      planned,
      inputs.map((input) => plan.nodes[input]!.traits.changelog),
    );
  }
}

function checkReads({ node, id }: PlannedNode): void {
  const { exprs, columns } = nodeKind(node).reads(node);
  for (const { index, over } of columns)
    assert(index >= 0 && index < over.length, `${id}: column ${index} of ${over.length}`);
  for (const { expr, over } of exprs) checkExpr(expr, over, id);
  if (!('leftKeys' in node)) return;
  node.leftKeys.forEach((l, i) => {
    const [left, right] = [node.inputs[0].fields[l]!, node.inputs[1].fields[node.rightKeys[i]!]!];
    assert(sameType(left.type, right.type, false), `${id}: the two sides of a key have one type`);
  });
}

/** Kinds of change that are allowed where they go. */
function checkChanges({ node, id, traits }: PlannedNode, inputs: readonly ChangelogMode[]): void {
  const { changelog, needed } = traits;
  const text = changelogText(changelog);
  assert(changelog.insert || changelog.updateAfter || changelog.delete, `${id} gives something: ${text}`);
  assert(!changelog.updateBefore || changelog.updateAfter, `${id}: no -U without +U: ${text}`);
  assert(!needed || !changelog.updateAfter || changelog.updateBefore, `${id}: -U is needed: ${text}`);
  inputs.forEach((given, i) => {
    const takes = nodeKind(node).takes?.(node, i);
    if (takes === undefined) return;
    const more = (['insert', 'updateBefore', 'updateAfter', 'delete'] as const).find(
      (k) => given[k] && !takes[k],
    );
    assert(more === undefined, `${id} takes ${changelogText(takes)}, not ${changelogText(given)}`);
  });
}
