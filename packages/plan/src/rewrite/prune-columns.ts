/* Column pruning: every relation computes only what is read above it, and scans read only those columns. Equal relations of
 * one job are narrowed as one, to what all that read them need; each then picks its own. So a view that two sinks read in
 * different columns stays one aggregate.
 *
 *   needed columns   ── down, merged over all readers ──▶   narrowed relations   ── up */

import { Interner } from '../digest.ts';
import { inputsOf, relKind } from '../logical/kinds.ts';
import type { Pruned } from '../logical/kind.ts';
import { column, project } from '../logical/nodes/project.ts';
import { positions } from '../logical/prune-columns.ts';
import { without } from '../logical/without-columns.ts';
import type { Rel } from '../logical/rel.ts';

/** The relations with all their columns, but nothing below that nobody reads. */
export function pruneColumns(rels: readonly Rel[]): readonly Rel[] {
  const shared = new Shared(rels);
  const needed = new Map<Rel, Set<number>>();
  const need = (rel: Rel, columns: Iterable<number>): void => {
    const one = shared.one(rel);
    needed.set(one, new Set([...(needed.get(one) ?? []), ...columns]));
  };
  for (const rel of rels) need(rel, rel.fields.keys());
  for (const rel of shared.order.toReversed()) {
    relKind(rel).prune(rel, needed.get(rel)!, (input, columns) => {
      need(input, columns);
      return asItIs(input);
    });
  }
  const narrowed = new Map<Rel, Pruned>();
  const pick = (rel: Rel, columns: ReadonlySet<number>): Pruned => {
    const one = shared.one(rel);
    return without(narrowed.get(one)!, (old) => needed.get(one)!.has(old) && !columns.has(old));
  };
  for (const rel of shared.order) narrowed.set(rel, relKind(rel).prune(rel, needed.get(rel)!, pick));
  return rels.map((rel) => whole(rel, narrowed.get(shared.one(rel))!));
}

/** All relations, equal ones as one: inputs before what reads them. */
class Shared {
  readonly order: readonly Rel[];
  readonly #interner = new Interner<Rel>(inputsOf);
  readonly #byId = new Map<number, Rel>();

  constructor(rels: readonly Rel[]) {
    rels.forEach((rel) => {
      this.#add(rel);
    });
    this.order = [...this.#byId.values()];
  }
  #add(rel: Rel): void {
    const id = this.#interner.id(rel);
    if (this.#byId.has(id)) return;
    for (const input of inputsOf(rel)) this.#add(input);
    this.#byId.set(id, rel);
  }
  /** The relation that stands for all that equal `rel`. */
  one(rel: Rel): Rel {
    return this.#byId.get(this.#interner.id(rel))!;
  }
}

const asItIs = (rel: Rel): Pruned => ({ rel, at: positions([...rel.fields.keys()]) });

/** All columns of `rel` again, in their order. */
function whole(rel: Rel, { rel: narrowed, at }: Pruned): Rel {
  if (rel.fields.length === narrowed.fields.length && rel.fields.every((_, i) => at.get(i) === i))
    return narrowed;
  return project(
    narrowed,
    rel.fields.map((_, i) => column(narrowed, at.get(i)!)),
    rel.fields.map((f) => f.name),
  );
}
