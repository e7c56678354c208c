/* ML_PREDICT: over rows that only come, for a model need not answer twice the same. What is computed is computed first. */

import { UserError } from '#base';
import { modelAsTable, type PredictTraits } from '#catalog';
import type { SessionSettings } from '../../bind/settings.ts';
import { checkModelOptions, modelTable, providerOf } from '../../logical/model.ts';
import type { PredictConfig, PredictRel } from '../../logical/nodes/predict.ts';
import { withColumns } from '../nodes/calc.ts';
import { withoutColumns } from './columns.ts';
import { requireInserts } from './inserts-only.ts';
import type { Convert } from './rule.ts';

export const convertPredict: Convert<PredictRel> = {
  make(rel, to) {
    const { settings, models } = to.session;
    const provider = providerOf(rel.model, models.providers);
    const model = modelTable(rel.model);
    checkModelOptions(model, provider);
    const async = isAsync(rel, provider.traits(model), provider.name);
    const below = to.convert(rel.input);
    requireInserts(below, 'ML_PREDICT', 'MLPredictTableFunction', to, changesHint);
    const width = rel.input.fields.length;
    const computed = rel.features.filter((f) => f.kind !== 'column');
    const input = withColumns(below, computed, '$feature');
    let next = width;
    const table = modelAsTable(model);
    const given = table.physical.slice(0, model.input.length);
    const answered = table.physical.slice(model.input.length);
    return withoutColumns(
      {
        kind: 'predict',
        inputs: [input],
        provider: provider.name,
        model: table,
        name: model.path.object,
        features: rel.features.map((f) => (f.kind === 'column' ? f.index : next++)),
        asked: [...given, ...rel.answers.map((i) => answered[i]!)],
        async,
        ...flight(rel.config, settings, async),
        fields: [
          ...input.fields,
          ...given.map((f) => ({ ...f, time: undefined })),
          ...rel.fields.slice(width),
        ],
      },
      width,
      computed.length + given.length,
      rel.fields,
    );
  },
};
const changesHint =
  'A model need not answer the same when a row is taken back, so ML_PREDICT takes rows that only come, in Flink too. Predict before what changes rows, or of TO_CHANGELOG(input => TABLE …).';

/** As the call says; else many rows at a time, where the provider can. Throws PLAN2020 where it cannot do what is asked. */
function isAsync({ config, model }: PredictRel, { sync, async }: PredictTraits, provider: string): boolean {
  if (config.async === undefined) return async;
  if (config.async ? async : sync) return config.async;
  const mode = config.async ? 'async' : 'sync';
  throw new UserError('PLAN2020', {
    message: `ML_PREDICT requires ${mode} mode for the model "${model.path.object}", but the provider '${provider}' doesn't support ${mode} mode`,
    hint: `Leave 'async' out of the MAP, or write MAP['async', '${String(!config.async)}'].`,
  });
}

function flight(
  { outputMode, concurrent, timeoutMs }: PredictConfig,
  settings: SessionSettings,
  async: boolean,
): { readonly ordered: boolean; readonly capacity: number; readonly timeoutMs: number | undefined } {
  const mode = outputMode ?? settings.get('table.exec.async-ml-predict.output-mode').toUpperCase();
  return {
    ordered: mode === 'ORDERED',
    capacity: concurrent ?? Number(settings.get('table.exec.async-ml-predict.max-concurrent-operations')),
    timeoutMs: async ? (timeoutMs ?? settings.durationMs('table.exec.async-ml-predict.timeout')) : undefined,
  };
}
