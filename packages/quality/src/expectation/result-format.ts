/* How much a result tells: Great Expectations' result_format. */

import { UserError } from '#base';

export const resultFormats = ['BOOLEAN_ONLY', 'BASIC', 'SUMMARY', 'COMPLETE'] as const;

export interface ResultFormat {
  readonly format: (typeof resultFormats)[number];
  /** Rows of partial lists. */
  readonly partialCount: number;
  /** Columns that name a row, instead of its place. */
  readonly indexColumns: readonly string[];
  readonly indexQuery: boolean;
  /** Leaves the values themselves out. */
  readonly excludeValues: boolean;
}
const partialCountDefault = 20;

/** A word, or an object with result_format, partial_unexpected_count and so on. Throws QLT1007. */
export function readResultFormat(given: unknown): ResultFormat {
  const parts =
    typeof given === 'object' && given !== null
      ? (given as Record<string, unknown>)
      : { result_format: given };
  const format = resultFormats.find((f) => f === (parts['result_format'] ?? 'SUMMARY'));
  const partialCount = parts['partial_unexpected_count'] ?? partialCountDefault;
  if (
    format === undefined ||
    typeof partialCount !== 'number' ||
    !Number.isSafeInteger(partialCount) ||
    partialCount < 0
  )
    throw new UserError('QLT1007', {
      message: `result_format ${JSON.stringify(given)}: expected ${resultFormats.join(', ')}, or an object with result_format and partial_unexpected_count`,
    });
  const columns = parts['unexpected_index_column_names'];
  return {
    format,
    partialCount,
    indexColumns: Array.isArray(columns) ? columns.map(String) : [],
    indexQuery: parts['return_unexpected_index_query'] !== false,
    excludeValues: parts['exclude_unexpected_values'] === true,
  };
}
