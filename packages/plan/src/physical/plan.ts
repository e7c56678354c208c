/* The finished plan: its nodes in topological order with their ids and traits. Plain data: EXPLAIN prints it, the engine
 * makes a job of it. */

import type { ChangelogMode } from '#catalog';
import type { BadRowsPlan } from '#job';
import { assignIds } from './ids.ts';
import type { ColumnSets, StateBound } from './kind.ts';
import { topological, type PlanNode } from './node.ts';
import { dropUnwanted, givenChanges, neededUpdateBefore } from './traits/changes.ts';
import { singleNodes } from './traits/placement.ts';
import { stateBounds } from './traits/state.ts';
import { Upward } from './traits/upward.ts';
import { checkPlan } from './check-plan.ts';
import type { DeadLetterPlan } from './rules/dead-letters.ts';
import { settleNames } from './settle-names.ts';

export interface Traits {
  /** Its readers need -U. */
  readonly needed: boolean;
  /** The kinds of change that it gives. */
  readonly changelog: ChangelogMode;
  /** Sets of columns by which its changes of one row can be told from others'; none: rows have no identity. */
  readonly upsertKeys: ColumnSets;
  /** Sets of columns by which the rows that hold at a time differ. */
  readonly uniqueKeys: ColumnSets;
  /** What bounds its state: for EXPLAIN and `check`. */
  readonly state: StateBound;
  /** It runs as one instance. */
  readonly single: boolean;
  /** What becomes of its bad and late rows; undefined: bad ones fail the job, late ones count. */
  readonly badRows: BadRowsPlan | undefined;
}
export interface PlannedNode {
  readonly node: PlanNode;
  /** Stable: DESIGN.md 6. */
  readonly id: string;
  /** The same for its other targets. */
  readonly also: readonly string[];
  /** Indexes into the plan's nodes. */
  readonly inputs: readonly number[];
  readonly traits: Traits;
}
export interface PhysicalPlan {
  /** Inputs before what reads them. */
  readonly nodes: readonly PlannedNode[];
  /** Indexes of sinks, or of what a query's reader gets. */
  readonly roots: readonly number[];
  /** Indexes of the sinks of dead letters. */
  readonly letters: readonly number[];
}

/** Infers the traits of all nodes. `targets`, one a root, begin their ids; `rootsNeed`: whoever reads the roots needs -U;
 *  `lettersOf`: what becomes of bad and late rows. */
export function finishPlan(
  asConverted: readonly PlanNode[],
  targets: readonly string[],
  rootsNeed: boolean,
  lettersOf: (roots: readonly PlanNode[]) => DeadLetterPlan,
): PhysicalPlan {
  const asked = dropUnwanted(settleNames(asConverted), rootsNeed);
  const letters = lettersOf(asked);
  const roots = [...asked, ...letters.sinks];
  const order = topological(roots);
  const at = new Map(order.map((node, i) => [node, i]));
  const needs = neededUpdateBefore(roots, rootsNeed);
  const changes = givenChanges(roots, needs);
  const single = singleNodes(roots);
  const ids = assignIds(order, asked, targets);
  const upward = new Upward();
  const bounds = stateBounds(roots, upward);
  const nodes = order.map((node): PlannedNode => {
    const keys = upward.keys(node);
    const [id, ...also] = ids.get(node)!;
    return {
      node,
      id: id!,
      also,
      inputs: node.inputs.map((input) => at.get(input)!),
      traits: {
        needed: needs.get(node)!,
        changelog: changes.get(node)!,
        upsertKeys: keys.upsert,
        uniqueKeys: keys.unique,
        state: bounds.get(node)!,
        single: single.has(node),
        badRows: letters.badRows.get(node),
      },
    };
  });
  const plan = {
    nodes,
    roots: asked.map((root) => at.get(root)!),
    letters: letters.sinks.map((sink) => at.get(sink)!),
  };
  checkPlan(plan);
  return plan;
}
