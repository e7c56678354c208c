/* Where predictions are others than Flink's, each with its reason. */

const casts =
  'Flink takes an INT for a BIGINT of a model and hands it on as an INT, so that the model fails (ClassCastException). We cast it.';

export const predictionDifferences: ReadonlyMap<string, string> = new Map([
  ['SELECT * FROM ML_PREDICT(TABLE bids, MODEL wide, DESCRIPTOR(price, item))', casts],
  [
    "SELECT item, price FROM ML_PREDICT(TABLE bids, MODEL measure, DESCRIPTOR(price, item), MAP['nowhere', 'x'])",
    'Flink passes over a key of the MAP of ML_PREDICT that means nothing. We refuse it.',
  ],
]);
