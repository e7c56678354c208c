/* Counts what decoding loses without an error, and warns once where nobody asked for it. */

import type { SourceContext } from '#dataflow';
import type { DecodeLoss } from '#formats';

export function countLosses(
  context: Pick<SourceContext, 'count' | 'warn' | 'table'>,
): (loss: DecodeLoss) => void {
  let warned = false;
  return (loss) => {
    if (loss === 'made-null') return context.count('numFieldsInErrors', 1);
    context.count('numRecordsWithTrailingText', 1);
    if (warned) return;
    warned = true;
    context.warn(
      `table '${context.table.path.object}': a record has text behind its JSON value, which is not read, as in Flink; such records are counted`,
    );
  };
}
