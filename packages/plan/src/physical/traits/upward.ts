/* What follows from a node and what lies below it, whoever reads it: the kinds of change that it gives when asked with and
 * without -U, and its keys. Rules ask for these while a plan is made. */

import type { ChangelogMode } from '#catalog';
import type { Below, Course, Keys } from '../kind.ts';
import { nodeKind } from '../kinds.ts';
import type { PlanNode } from '../node.ts';

export class Upward {
  readonly #changes = {
    with: new Map<PlanNode, ChangelogMode>(),
    without: new Map<PlanNode, ChangelogMode>(),
  };
  readonly #keys = new Map<PlanNode, Keys>();

  /** The kinds of change that the node gives when its reader needs -U, or does not. */
  changes(node: PlanNode, needed: boolean): ChangelogMode {
    const known = needed ? this.#changes.with : this.#changes.without;
    const found = known.get(node);
    if (found !== undefined) return found;
    const kind = nodeKind(node);
    const below = this.below(node);
    const inputs = node.inputs.map((input, i) =>
      this.changes(input, kind.needsUpdateBefore(node, i, needed, below)),
    );
    const made = kind.gives(node, inputs, needed);
    known.set(node, made);
    return made;
  }
  keys(node: PlanNode): Keys {
    const found = this.#keys.get(node);
    if (found !== undefined) return found;
    const made = nodeKind(node).keys(node, this.below(node));
    this.#keys.set(node, made);
    return made;
  }
  of(node: PlanNode): Below {
    return { changes: this.changes(node, true), keys: this.keys(node) };
  }
  below(node: PlanNode): readonly Below[] {
    return node.inputs.map((input) => this.of(input));
  }

  /** True where a -U and its +U may part on their way to here: dropping the -U would leave the old row for ever
   *  (FLINK-9528). */
  partsUpdates(node: PlanNode): boolean {
    const pairs = nodeKind(node).updatePairs(node, this.below(node));
    return pairs === 'parts' || (pairs === 'passes' && node.inputs.some((input) => this.partsUpdates(input)));
  }
  /** How a column changes from one version of a row to the next. */
  course(node: PlanNode, column: number): Course {
    const [input] = node.inputs;
    if (input === undefined) return undefined;
    return nodeKind(node).course?.(node, column, (c) => this.course(input, c), this.of(input));
  }
}
