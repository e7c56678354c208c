/* ML_PREDICT: the input's fields, then those that the model answers. A row of the input gives as many rows as the model does. */

import { columnsOf, type Expr } from '#expr';
import { exprText } from '../../text.ts';
import type { RelField } from '../field.ts';
import { noWindow, oneInput, type Pruned, type RelKind } from '../kind.ts';
import type { BoundModel } from '../model.ts';
import { moved } from '../prune-columns.ts';
import type { Rel } from '../rel.ts';

/** How a call wants its model to be asked; undefined: as the session does. */
export interface PredictConfig {
  readonly async: boolean | undefined;
  readonly outputMode: 'ORDERED' | 'ALLOW_UNORDERED' | undefined;
  readonly concurrent: number | undefined;
  readonly timeoutMs: number | undefined;
}
export interface PredictRel {
  readonly kind: 'predict';
  readonly input: Rel;
  readonly model: BoundModel;
  /** What the model is given, over the input's columns: one for each of its input columns. */
  readonly features: readonly Expr[];
  readonly config: PredictConfig;
  /** What of the model's output is wanted: indexes into it. */
  readonly answers: readonly number[];
  readonly fields: readonly RelField[];
}

export function predict(
  input: Rel,
  model: BoundModel,
  features: readonly Expr[],
  config: PredictConfig,
): PredictRel {
  // As Flink: a name that the input has gets a 0 behind it.
  const taken = new Set(input.fields.map((f) => f.name));
  const answers = model.output.map(
    ({ name, type }): RelField => ({ name: taken.has(name) ? `${name}0` : name, type, time: undefined }),
  );
  return {
    kind: 'predict',
    input,
    model,
    features,
    config,
    answers: model.output.map((_, i) => i),
    fields: [...input.fields, ...answers],
  };
}

/** A call in a line of EXPLAIN. */
export const predictText = (model: string, features: readonly Expr[], input: readonly RelField[]): string =>
  `ML_PREDICT(MODEL ${model}, DESCRIPTOR(${features.map((f) => exprText(f, input)).join(', ')}))`;

export const predictKind: RelKind<PredictRel> = {
  ...oneInput,
  reads: ({ features, input }) => ({
    exprs: features.map((expr) => ({ expr, over: input.fields })),
    columns: [],
  }),
  windows: () => noWindow,
  text: ({ model, features, input }) =>
    `LogicalTableFunctionScan(invocation=[${predictText(model.path.object, features, input.fields)}])`,

  prune(rel, needed, prune): Pruned {
    const width = rel.input.fields.length;
    const below = new Set([...needed].filter((i) => i < width));
    for (const f of rel.features) columnsOf(f, below);
    const input = prune(rel.input, below);
    const kept = rel.answers.map((_, i) => i).filter((i) => needed.has(width + i));
    const at = new Map(input.at);
    kept.forEach((old, i) => {
      at.set(width + old, input.rel.fields.length + i);
    });
    return {
      rel: {
        ...rel,
        input: input.rel,
        features: rel.features.map((f) => moved(f, input.at)),
        answers: kept.map((i) => rel.answers[i]!),
        fields: [...input.rel.fields, ...kept.map((i) => rel.fields[width + i]!)],
      },
      at,
    };
  },
};
