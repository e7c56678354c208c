/* What keeps a job over failures, by the session's settings. */

import type { World } from '#base';
import type { JobPlan } from '#job';
import type { SessionSettings } from '#plan';
import type { CheckpointRhythm } from './checkpoint-timer.ts';
import { JobDiskState } from './job-state.ts';
import type { EvolvingPlan } from '../evolution/evolving-plan.ts';
import { planDigest } from './plan-digest.ts';
import { restartStrategy, type RestartStrategy } from './restart-strategy.ts';

export interface Durability {
  readonly state: JobDiskState;
  readonly rhythm: CheckpointRhythm;
  readonly restarts: RestartStrategy;
  /** State of a savepoint that the plan has no place for may be dropped. */
  readonly allowNonRestored: boolean;
}

/** Where a job keeps its state, and whether it forgets what is there. */
export interface StateChoice {
  readonly stateDir: string;
  readonly fresh: boolean;
  readonly fromSavepoint?: string | undefined;
  readonly allowNonRestored?: boolean | undefined;
}

export function durability(
  settings: SessionSettings,
  { stateDir, fresh, fromSavepoint, allowNonRestored }: StateChoice,
  job: {
    readonly world: World;
    readonly name: string;
    readonly plan: JobPlan;
    readonly evolving: EvolvingPlan | undefined;
    readonly parallelism: number;
    readonly warn: (message: string) => void;
  },
): Durability {
  const { world, name, plan, evolving, parallelism, warn } = job;
  return {
    rhythm: checkpointRhythm(settings),
    restarts: restartStrategy(settings, world.rng),
    allowNonRestored: allowNonRestored === true,
    state: new JobDiskState({
      world,
      stateDir: settings.get('execution.checkpointing.dir') || stateDir,
      fresh,
      fromSavepoint,
      warn,
      parallelism,
      job: name,
      plan: (columns) => {
        evolving?.adopt(columns);
        return planDigest(evolving?.plan ?? plan);
      },
      current: () => ({ plan: planDigest(evolving?.plan ?? plan), columns: evolving?.added ?? [] }),
      retained: Number(settings.get('execution.checkpointing.num-retained')),
      backend: stateBackend(settings),
      incremental: settings.get('execution.checkpointing.incremental') === 'true',
    }),
  };
}

/** Where state by key lies: 'hashmap' or 'rocksdb'. */
export const stateBackend = (settings: SessionSettings): string =>
  settings.get('state.backend.type').toLowerCase();

export const checkpointRhythm = (settings: SessionSettings): CheckpointRhythm => ({
  intervalMs: settings.durationMs('execution.checkpointing.interval'),
  minPauseMs: settings.durationMs('execution.checkpointing.min-pause'),
  timeoutMs: settings.durationMs('execution.checkpointing.timeout'),
  tolerable: Number(settings.get('execution.checkpointing.tolerable-failed-checkpoints')),
});
