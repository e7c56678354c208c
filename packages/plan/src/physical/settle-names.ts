/* A projection that only gives other names is no node: the node below takes the names of the first that does so, and all
 * read it. So what is read under several names is still one node, with one state. */

import { rebuild, topological, withNodeInputs, type PlanNode } from './node.ts';

export function settleNames(roots: readonly PlanNode[]): readonly PlanNode[] {
  const names = new Map<PlanNode, readonly string[]>();
  for (const node of topological(roots)) {
    const [input] = node.inputs;
    if (input !== undefined && onlyRenames(node) && !names.has(input))
      names.set(
        input,
        node.fields.map((f) => f.name),
      );
  }
  return rebuild(roots, (node, inputs) => {
    if (onlyRenames(node)) return inputs[0]!;
    const made = withNodeInputs(node, inputs);
    const given = names.get(node);
    if (given === undefined) return made;
    return { ...made, fields: made.fields.map((f, i) => ({ ...f, name: given[i]! })) };
  });
}

const onlyRenames = (node: PlanNode): boolean =>
  node.kind === 'calc' &&
  node.condition === undefined &&
  node.exprs.length === node.inputs[0].fields.length &&
  node.exprs.every((e, i) => e.kind === 'column' && e.index === i);
