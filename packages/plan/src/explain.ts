/* EXPLAIN: the optimized plan with each node's changes and upsert key, and what would keep growing. */

import { changelogText } from '#catalog';
import { nodeTitle } from './physical/kinds.ts';
import type { PhysicalPlan, PlannedNode } from './physical/plan.ts';
import { growth } from './physical/traits/state.ts';
import { columnNames } from './text.ts';

/** The optimized plan as a tree, sinks first; a node that is read twice is printed once and referred to. */
export function planText({ nodes, roots, letters }: PhysicalPlan): string {
  // What is printed by itself and read too, as a sink whose letters are, is read twice.
  const read = [...nodes.flatMap((n) => n.inputs), ...roots];
  const readers = nodes.map((_, i) => read.filter((input) => input === i).length);
  const reused = new Map<number, number>();
  const lines: string[] = [];
  const print = (index: number, prefix: string, branch: string): void => {
    const known = reused.get(index);
    if (known !== undefined) {
      lines.push(`${prefix}${branch}Reused(reference_id=[${known}])`);
      return;
    }
    const planned = nodes[index]!;
    let note = '';
    if (readers[index]! > 1) {
      reused.set(index, reused.size + 1);
      note = `(reuse_id=[${reused.size}])`;
    }
    lines.push(`${prefix}${branch}${nodeTitle(planned.node)}${note}${traitText(planned)}`);
    const inner = branch === '' ? prefix : `${prefix}${branch === '+- ' ? '   ' : ':  '}`;
    planned.inputs.forEach((input, i) => {
      print(input, inner, i === planned.inputs.length - 1 ? '+- ' : ':- ');
    });
  };
  for (const root of [...roots, ...letters]) print(root, '', '');
  return lines.join('\n');
}
function traitText({ node, traits }: PlannedNode): string {
  const keys = traits.upsertKeys.map((k) => `{${columnNames(k, node.fields)}}`);
  return `, changelogMode=[${changelogText(traits.changelog).slice(1, -1)}]${keys.length > 0 ? `, upsertKey=[${keys.join(', ')}]` : ''}`;
}

/** What would keep growing: for `check` and EXPLAIN. */
export function stateWarnings({ nodes }: PhysicalPlan): string[] {
  return nodes.flatMap(({ node, traits }) => growth(node, traits.state) ?? []);
}
