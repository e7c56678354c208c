/* What stands behind records in the thread's memory, so that no scan for the end of a string runs on and on: some quotes.
 * A scan that gets there has left its record, which its reader finds out. */

export const quote = 34;
export const sentinelBytes = 32;
