/* What a job is started with, and what a snapshot of it is. */

import { UserError, type ThreadHost, type World } from '#base';
import type { ConnectorRegistry } from '#catalog';
import type { Batch } from '#data';
import type { EvalSettings } from '#expr';
import type { NodePlan } from '#job';
import type { BlockTarget, StatePart } from '#state';
import type { ConnectorRuntime, PrintLine, WantedColumns } from '../contracts/index.ts';
import type { NewStore, StateOnDisk } from './stores.ts';

/** What every node wrote, by node id and instance. A node that had finished wrote nothing: after a restore it has
 *  finished still, so a bounded source is not read again. */
export interface JobSnapshot {
  readonly epoch: number;
  readonly states: ReadonlyMap<string, StatePart>;
  /** The job came to its end, and this is its last. */
  readonly finished: boolean;
  /** What taking it cost; of one that was taken just now. */
  readonly timing?: CheckpointTiming;
  /** The state of operators is that of all their instances, as rows: a savepoint (operator-state.ts). */
  readonly logical?: boolean;
  /** Of a savepoint: what each node is, by id. */
  readonly kinds?: ReadonlyMap<string, NodePlan['kind']>;
  /** Of a savepoint: other names of nodes, by id. */
  readonly also?: ReadonlyMap<string, readonly string[]>;
}
/** What a barrier cost, ms. */
export interface BarrierTiming {
  /** From the first of a node's channels that had it to the last: the others waited. */
  readonly alignmentMs: number;
  /** How long nothing moved in the thread while a snapshot was taken. */
  readonly stopMs: number;
}
/** What a checkpoint cost, ms, and when it began, by World's monotonic clock. */
export interface CheckpointTiming extends BarrierTiming {
  readonly startedAt: number;
}
export const stateKey = (id: string, instance: number): string => `${id}#${instance}`;

export const finishedState = new Uint8Array(0);
/** The id under which a snapshot has the state of a node: one of the node's, or of one that shares a name with it. */
export function savedIdOf(snapshot: JobSnapshot, { id, also = [] }: Pick<NodePlan, 'id' | 'also'>): string {
  const names = [id, ...also];
  const direct = names.find((name) => snapshot.states.has(stateKey(name, 0)));
  if (direct !== undefined) return direct;
  for (const [saved, others] of snapshot.also ?? []) if (others.some((o) => names.includes(o))) return saved;
  return id;
}
/** What all instances of a node wrote, in their order. The snapshot is whole. */
export function partsOf(
  snapshot: JobSnapshot | undefined,
  node: Pick<NodePlan, 'id' | 'also'>,
): readonly StatePart[] {
  const parts: StatePart[] = [];
  if (snapshot === undefined) return parts;
  const id = savedIdOf(snapshot, node);
  for (let i = 0; ; i++) {
    const part = snapshot.states.get(stateKey(id, i));
    if (part === undefined) return parts;
    parts.push(part);
  }
}
export const isFinished = (state: StatePart | Uint8Array): boolean => state.length === 0;

export interface JobSettings {
  readonly world: World;
  readonly connectors: ConnectorRegistry;
  readonly evaluation: EvalSettings;
  readonly parallelism: number;
  /** Runs the instances in a thread each; without, all run in this one. */
  readonly threads?: ThreadHost | undefined;
  /** `millrace.memory.budget`, bytes: what state and buffers of the job may hold together. */
  readonly memoryBytesMax: number;
  readonly restore: JobSnapshot | undefined;
  /** Names what sinks keep in their targets. */
  readonly name: string;
  readonly incarnation: string;
  /** Where what belongs to the job lies; with `persist`. */
  readonly folder?: string | undefined;
  /** Makes a snapshot durable: sinks and sources commit what it holds once this resolves. Without, they commit at once. */
  readonly persist?: ((snapshot: JobSnapshot) => Promise<void>) | undefined;
  /** Takes blocks of state of a share while the snapshot is taken; with `persist`, which is given parts that refer to them by the
   *  share's number. Without, all is in memory until then. */
  readonly blocks?: ((epoch: number, share: number) => BlockTarget) | undefined;
  /** The epoch of a snapshot that is durable: the next one may refer to it. Undefined: the next one is whole. */
  readonly base?: (() => number | undefined) | undefined;
  readonly warn: (message: string) => void;
  /** A source stands in front of a record with new fields, and waits: only a plan that asks for columns has such. */
  readonly asked?: ((wanted: WantedColumns) => void) | undefined;
  readonly print: PrintLine;
  /** Where operators keep their state; by `stateOnDisk` unless it is given. */
  readonly newStore?: NewStore | undefined;
  /** Rows by key that do not fit into memory go there; without, all stays in memory. */
  readonly stateOnDisk?: StateOnDisk | undefined;
  /** Checkpoints that are kept to go back to. */
  readonly checkpointsRetained?: number | undefined;
  /** Rows that operators dropped as late. */
  readonly lateRows: ((operatorId: string, batch: Batch, row: number) => void) | undefined;
}

/** Loads a connector's code, or says what is missing. */
export async function loadConnector(connectors: ConnectorRegistry, name: string): Promise<ConnectorRuntime> {
  const descriptor = connectors.get(name);
  if (descriptor === undefined)
    throw new UserError('CAT1004', { message: `there is no connector '${name}'` });
  return (await descriptor.load()) as ConnectorRuntime;
}
