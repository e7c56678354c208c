/* Where connectors report what they cannot use, of tables whose `millrace.on-error` is not fail. Each report is counted; with
 * dead-letter the row goes on as a letter of its own. */

import type { UserError } from '#base';
import type { Batch, RecordPosition } from '#data';

export { replaysOf } from '#job';

/** A record that gives no rows. Its bytes may be reused once it was reported. */
export interface BadRecord {
  readonly error: UserError;
  /** `key` where it is the key that cannot be read. */
  readonly part: 'key' | 'value';
  /** In words, for people: a topic, partition and offset, or a file and line. */
  readonly place: string;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly { readonly key: string; readonly value: Uint8Array | null }[];
  /** Of a record of Kafka. */
  readonly position?: RecordPosition;
}

/** A row of a database, or of what else gives rows instead of bytes, of which a value does not fit its column. */
export interface UnreadRow {
  readonly error: UserError;
  /** In words, for people: the table, and by which key it was found. */
  readonly place: string;
  /** What it is, as a JSON object. */
  readonly row: string;
}

export interface BadRecords {
  report(record: BadRecord): void;
  unread(row: UnreadRow): void;
  /** No more is to be reported before the source is polled again: it returns what it has, an empty batch if it has none. */
  readonly full: boolean;
}

/** Where a sink reports rows that its target refuses or that its format cannot express. */
export interface Refusals {
  /** A row of the batch that `write` was called with. */
  row(batch: Batch, row: number, error: UserError): void;
  /** A row that was taken earlier, as a JSON object: before the `flush` or `prepare` behind it resolves; or by a `commit` that
   *  is not the last, again whenever that is repeated. */
  json(row: string, error: UserError): void;
}
