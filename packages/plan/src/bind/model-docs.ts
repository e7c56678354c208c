/* What ML_PREDICT takes: for lists of functions, completion and the page of functions. */

import type { modelFunctions } from './ml-predict.ts';

export interface ModelFunctionDoc {
  readonly name: (typeof modelFunctions)[number];
  /** Its forms, as they are written. */
  readonly takes: readonly string[];
  readonly doc: string;
}

export const modelFunctionDocs: readonly ModelFunctionDoc[] = [
  {
    name: 'ML_PREDICT',
    takes: ['ML_PREDICT(TABLE t, MODEL m, DESCRIPTOR(column[, …])[, MAP[key, value, …]])'],
    doc: 'The rows of a table with what a model answers for these columns: see [models.md](models.md).',
  },
];
