/* What clients of one partition did and saw. Times are a counter that every event moves on: a call that ended before another
 * was made has an end below the other's begin. */

/** Records that were sent together. */
export interface Produced {
  readonly client: string;
  /** Repeated until it was acknowledged, in the order of `number`. */
  readonly idempotent: boolean;
  readonly number: number;
  readonly values: readonly string[];
  readonly begin: number;
  /** Infinity: nobody knows whether and when it was carried out. */
  end: number;
  outcome: 'ok' | 'refused' | 'unknown';
  /** Of the first record, where it is known. */
  offset: number;
}
export interface Fetched {
  readonly client: string;
  readonly from: number;
  readonly begin: number;
  readonly end: number;
  readonly records: readonly Kept[];
  readonly highWatermark: number;
}
export interface Kept {
  readonly offset: number;
  readonly value: string;
}
export interface History {
  readonly produced: Produced[];
  readonly fetched: Fetched[];
  /** What the log held when all was over. */
  readonly log: readonly Kept[];
}
