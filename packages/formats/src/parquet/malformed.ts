/* The one error for bytes that are no Parquet file. */

import { UserError } from '#base';
import { MalformedRecord } from '../malformed.ts';

export const formatName = 'parquet';

/** `position`: in the file, where that is known. */
export const malformed = (
  reason: string,
  position = 0,
  hint = 'The file is damaged, or not written to its end.',
): MalformedRecord => new MalformedRecord(formatName, reason, position, undefined, hint);

/** What `work` throws that is no error of ours comes from bytes that mean nothing: it becomes one. */
export function readSafely<T>(what: string, position: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw malformed(`${what}: ${error instanceof Error ? error.message : String(error)}`, position);
  }
}
