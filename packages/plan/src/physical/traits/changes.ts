/* Kinds of change over the whole plan. What is wanted travels down, merged over all readers; what is given travels up.
 *
 *   sink (+U alone) ─┐                      sink (+U alone) ─ DropUpdateBefore ─┐
 *                    ├─ aggregate     ⇒                                        ├─ aggregate (gives -U)
 *   sink (-U, +U) ───┘                      sink (-U, +U) ──────────────────────┘
 *
 * A node that gives -U to one reader gives it to all; one that needs none gets a node in between which drops it, where the
 * node itself would have left it out if nobody had asked; where the +U may not follow, -U becomes -D. Flink: FlinkChangelogModeInferenceProgram. */

import type { ChangelogMode } from '#catalog';
import { nodeKind } from '../kinds.ts';
import { rebuild, topological, withNodeInputs, type PlanNode } from '../node.ts';
import { Upward } from './upward.ts';

export type Needs = ReadonlyMap<PlanNode, boolean>;

/** Which nodes must give -U. `rootsNeed`: whoever reads the roots needs it. */
export function neededUpdateBefore(roots: readonly PlanNode[], rootsNeed: boolean): Needs {
  const upward = new Upward();
  const needs = new Map<PlanNode, boolean>(roots.map((root) => [root, rootsNeed]));
  for (const node of topological(roots).reverse()) {
    node.inputs.forEach((input, i) => {
      const asks = nodeKind(node).needsUpdateBefore(node, i, needs.get(node)!, upward.below(node));
      needs.set(input, (needs.get(input) ?? false) || asks);
    });
  }
  return needs;
}

/** The plan with DropUpdateBefore between what gives -U for others and what asked for none. */
export function dropUnwanted(roots: readonly PlanNode[], rootsNeed: boolean): readonly PlanNode[] {
  const needs = neededUpdateBefore(roots, rootsNeed);
  const upward = new Upward();
  const dropped = new Map<PlanNode, PlanNode>();
  return rebuild(roots, (node, inputs) =>
    withNodeInputs(
      node,
      inputs.map((input, i) => {
        const before = node.inputs[i]!;
        const asks = nodeKind(node).needsUpdateBefore(node, i, needs.get(node)!, upward.below(node));
        const forOthers =
          !asks &&
          needs.get(before)! &&
          upward.changes(before, true).updateBefore &&
          !upward.changes(before, false).updateBefore;
        if (!forOthers) return input;
        const known = dropped.get(before);
        if (known !== undefined) return known;
        const { fields } = before;
        const made: PlanNode = {
          kind: 'drop-update-before',
          inputs: [input],
          asDelete: upward.partsUpdates(before),
          whole: false,
          fields,
        };
        dropped.set(before, made);
        return made;
      }),
    ),
  );
}

/** The kinds of change that each node gives. */
export function givenChanges(roots: readonly PlanNode[], needs: Needs): ReadonlyMap<PlanNode, ChangelogMode> {
  const given = new Map<PlanNode, ChangelogMode>();
  for (const node of topological(roots)) {
    const inputs = node.inputs.map((input) => given.get(input)!);
    given.set(node, nodeKind(node).gives(node, inputs, needs.get(node)!));
  }
  return given;
}
