/* What a job and a share in another thread send each other. Plain data, cloned on the way. */

import type { ErrorMessage } from '#base';
import type { EvalSettings } from '#expr';
import type { JobPlan } from '#job';
import type { SourceCommit, WantedColumns } from '../../contracts/index.ts';
import type { Barrier } from '../channel.ts';
import type { NodeMetrics } from '../metrics.ts';
import type { BarrierTiming, JobSnapshot } from '../settings.ts';
import type { Commits, Moved, NodeStates } from '../share.ts';
import type { StateOnDisk } from '../stores.ts';
import type { Placement } from '../wiring.ts';

/** What a share is opened with. */
export interface ShareOpening {
  readonly plan: JobPlan;
  readonly evaluation: EvalSettings;
  readonly parallelism: number;
  readonly memoryBytesMax: number;
  readonly restore: JobSnapshot | undefined;
  readonly name: string;
  readonly incarnation: string;
  readonly folder: string | undefined;
  readonly stateOnDisk: StateOnDisk | undefined;
  readonly checkpointsRetained: number | undefined;
  readonly durable: boolean;
  /** Blocks of state are sent while a snapshot is taken. */
  readonly streams: boolean;
  readonly thread: number;
  readonly placement: Placement;
  readonly rings: readonly SharedArrayBuffer[];
  readonly bells: SharedArrayBuffer;
  readonly progress: SharedArrayBuffer;
  readonly errorRates: SharedArrayBuffer;
}

/** Questions, by what is asked: each has an answer. */
export interface Questions {
  open: { readonly ask: ShareOpening; readonly answer: Commits };
  final: { readonly ask: undefined; readonly answer: NodeStates };
  commitSinks: { readonly ask: undefined; readonly answer: undefined };
  settled: { readonly ask: undefined; readonly answer: Moved };
  close: { readonly ask: undefined; readonly answer: ShareReport };
}
export type Question = keyof Questions;

/** From the job. */
export type ToShare =
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question; readonly with: unknown }
  | { readonly kind: 'run' }
  | Barrier
  | { readonly kind: 'commit-sources'; readonly upTo: SourceCommit }
  | { readonly kind: 'stop'; readonly drain: boolean }
  /** The memory of a block comes back. */
  | { readonly kind: 'written'; readonly block: number; readonly memory: ArrayBuffer };

export interface ShareReport {
  readonly metrics: readonly NodeMetrics[];
  readonly blockedMs: number;
}

/** From the share. */
export type FromShare =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'refusal'; readonly id: number; readonly error: ErrorMessage }
  | {
      readonly kind: 'snapshotted';
      readonly epoch: number;
      readonly states: NodeStates;
      readonly timing: BarrierTiming;
    }
  /** A block of a snapshot's state: the first bytes of `memory`, which is given. */
  | {
      readonly kind: 'block';
      readonly epoch: number;
      readonly block: number;
      readonly memory: ArrayBuffer;
      readonly length: number;
    }
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly error: ErrorMessage }
  | { readonly kind: 'warn'; readonly message: string }
  | { readonly kind: 'asked'; readonly wanted: WantedColumns }
  | { readonly kind: 'report'; readonly report: ShareReport };
