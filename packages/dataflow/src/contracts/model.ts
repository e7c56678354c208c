/* Models that are asked for each row: ML_PREDICT. What a provider's module exports once loaded is a ModelRuntime. */

import type { World } from '#base';
import type { ModelTable } from '#catalog';
import type { Row } from '#data';
import type { Trouble } from './trouble.ts';

export interface ModelContext {
  readonly world: World;
  readonly model: ModelTable;
  /** Aborted when the job ends. */
  readonly signal: AbortSignal;
  /** Tells the user once. */
  warn(message: string): void;
}
/** Asks one model. An input row has a value for each input column of the model, NULL among them; each row of the answer one for
 *  each output column. Rejects, or throws, with what fails the job. */
export interface Predictor {
  open(): Promise<void>;
  /** Called when the plan chose the synchronous form. */
  predict?(input: Row): readonly Row[];
  predictAsync?(input: Row): Promise<readonly Row[]>;
  /** The same, where it is there without waiting; undefined where `predictAsync` must be called, which may be later, and after
   *  `known` was asked again for the same input. */
  known?(input: Row): readonly Row[] | undefined;
  /** While it gets no answers and tries again: why, and since when. */
  readonly trouble?: Trouble | undefined;
  close(): Promise<void>;
}
export interface ModelRuntime {
  createPredictor(context: ModelContext): Predictor;
}
