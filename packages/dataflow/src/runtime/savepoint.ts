/* A snapshot as rows that outlive the query that wrote them, and what another query takes up of them.
 *
 *   snapshot: each operator's bytes as they lie ─▶ an operator like it reads them ─▶ rows, all instances together
 *   savepoint ─▶ by operator id, table and cell: kept, dropped, begun empty
 *
 * Sources and sinks keep their own form, which names splits and needs no operator. */

import { bytesOf, Fit, partOf, type FitReport, type StatePart } from '#state';
import type { JobPlan, NodePlan, OperatorPlan } from '#job';
import { logicalOf, readLogical, writeLogical } from './operator-state.ts';
import { finishedState, isFinished, partsOf, savedIdOf, stateKey, type JobSnapshot } from './settings.ts';
import { readSinkState, writeSinkState } from './sink-state.ts';
import { spareOperator, type SpareSettings } from './spare-operator.ts';

/** The snapshot of a job of this plan, which is whole and was committed, as a savepoint. The job may go on meanwhile: others
 *  have their turn between rows. */
export async function savepointOf(
  plan: JobPlan,
  snapshot: JobSnapshot,
  settings: SpareSettings,
): Promise<JobSnapshot> {
  const states = new Map(snapshot.states);
  for (const node of plan.nodes) {
    if (node.kind === 'source') continue;
    const parts = partsOf(snapshot, node);
    if (node.kind === 'sink') {
      // What they wrote is in their targets: the snapshot is committed.
      parts.forEach((part, i) =>
        states.set(
          stateKey(node.id, i),
          partOf(
            writeSinkState({
              finished: readSinkState(bytesOf(part)).finished,
              own: new Uint8Array(0),
              prepared: [],
            }),
          ),
        ),
      );
      continue;
    }
    parts.forEach((_, i) => states.delete(stateKey(node.id, i)));
    const rows = parts.every(isFinished) ? finishedState : await rowsOf(node, parts, settings);
    states.set(stateKey(node.id, 0), partOf(rows));
  }
  const shared = plan.nodes.filter(({ also = [] }) => also.length > 0);
  return {
    ...snapshot,
    states,
    logical: true,
    kinds: new Map(plan.nodes.map((n) => [n.id, n.kind])),
    also: new Map(shared.map(({ id, also = [] }) => [id, also])),
  };
}
async function rowsOf(
  node: OperatorPlan,
  parts: readonly StatePart[],
  settings: SpareSettings,
): Promise<Uint8Array> {
  const spare = (): ReturnType<typeof spareOperator> => spareOperator(node, settings);
  const state = logicalOf(parts, node.inputTypes.length, spare, node.id);
  return await writeLogical(state, () => settings.world.breathe());
}

/** What becomes of one node's state. */
export interface NodeFit extends FitReport {
  readonly id: string;
  /** For people; the id where the plan has no such node. */
  readonly title: string;
  /** 'gone': the plan has no such node. */
  readonly status: 'kept' | 'new' | 'gone';
  /** It holds something: a source's position, rows of an operator. */
  readonly held: boolean;
}

const nothing: FitReport = { kept: [], dropped: [], added: [] };

/** What a plan takes up of a savepoint: nodes that keep anything, in the plan's order, then those that are gone. */
export function fitOf(plan: JobPlan, savepoint: JobSnapshot, settings: SpareSettings): readonly NodeFit[] {
  const fits = plan.nodes.flatMap((node): NodeFit[] => {
    const [part] = partsOf(savepoint, node);
    const { id, title } = node;
    if (node.kind === 'source')
      return [{ id, title, status: part === undefined ? 'new' : 'kept', held: true, ...nothing }];
    if (node.kind === 'sink') return [];
    const declared = spareOperator(node, settings).store?.shapes() ?? [];
    if (declared.length === 0) return [];
    if (part === undefined) return [{ id, title, status: 'new', held: true, ...nothing }];
    const saved = isFinished(part) ? [] : readLogical(bytesOf(part)).shapes;
    return [{ id, title, status: 'kept', held: true, ...new Fit(saved, declared).report }];
  });
  const known = new Set(plan.nodes.flatMap((n) => [n.id, savedIdOf(savepoint, n)]));
  for (const [key, part] of savepoint.states) {
    const id = key.slice(0, key.lastIndexOf('#'));
    if (known.has(id)) continue;
    known.add(id);
    fits.push({
      id,
      title: id,
      status: 'gone',
      held: holds(savepoint.kinds?.get(id), bytesOf(part)),
      ...nothing,
    });
  }
  return fits;
}
/** A source's position, or rows of an operator. What a sink has prepared was committed when the savepoint was taken. */
function holds(kind: NodePlan['kind'] | undefined, part: Uint8Array): boolean {
  if (kind === 'source') return true;
  if (kind !== 'operator' || isFinished(part)) return false;
  for (const _ of readLogical(part).rows()) return true;
  return false;
}
