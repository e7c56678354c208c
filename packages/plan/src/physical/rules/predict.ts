/* ML_PREDICT: over rows that only come, for a model need not answer twice the same. What is computed is computed first. */

import { modelAsTable } from '#catalog';
import type { SessionSettings } from '../../bind/settings.ts';
import { modelRuns } from '../../logical/model-runs.ts';
import type { PredictConfig, PredictRel } from '../../logical/nodes/predict.ts';
import { withColumns } from '../nodes/calc.ts';
import { withoutColumns } from './columns.ts';
import { requireInserts } from './inserts-only.ts';
import type { Convert } from './rule.ts';

export const convertPredict: Convert<PredictRel> = {
  make(rel, to) {
    const { settings, models } = to.session;
    const { provider, model, async } = modelRuns(rel.model, rel.config, models.providers);
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
