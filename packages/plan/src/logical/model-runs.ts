/* Whether and how a model can be asked: its provider, its options, one row after the other or many at a time. */

import { UserError, type Span } from '#base';
import type { ModelProvider, ModelProviders, ModelTable } from '#catalog';
import { checkModelOptions, modelTable, providerOf, type BoundModel } from './model.ts';
import type { PredictConfig } from './nodes/predict.ts';

export interface ModelRun {
  readonly provider: ModelProvider;
  readonly model: ModelTable;
  /** As the call says; else many rows at a time, where the provider can. */
  readonly async: boolean;
}

/** The same, at the place that names the model where nothing else says where. */
export function modelRunsAt(
  bound: BoundModel,
  config: PredictConfig,
  providers: ModelProviders,
  at: Span,
): ModelRun {
  try {
    return modelRuns(bound, config, providers);
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.at !== undefined) throw thrown;
    const { code, message, hint } = thrown;
    throw new UserError(code, { at, message, hint, cause: thrown });
  }
}
/** Throws UserError for a model that cannot run, and PLAN2020 for one that cannot run so. */
export function modelRuns(bound: BoundModel, config: PredictConfig, providers: ModelProviders): ModelRun {
  const provider = providerOf(bound, providers);
  const model = modelTable(bound);
  checkModelOptions(model, provider);
  const traits = provider.traits(model);
  const async = config.async ?? traits.async;
  if (async ? traits.async : traits.sync) return { provider, model, async };
  const mode = async ? 'async' : 'sync';
  throw new UserError('PLAN2020', {
    message: `ML_PREDICT requires ${mode} mode for the model "${model.path.object}", but the provider '${provider.name}' doesn't support ${mode} mode`,
    hint: `Leave 'async' out of the MAP, or write MAP['async', '${String(!async)}'].`,
  });
}
