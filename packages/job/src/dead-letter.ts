/* Dead letters: what a job could not use, with what it takes to find out why and to send it again. They are rows of one
 * fixed type, which a node gives by an output of its own: see InputPlan.side. */

import { notNull, types, type Field } from '#data';

/** Where in the job a row was refused: see docs/bad-data.md. */
export const badRowStages = ['decode', 'cast', 'constraint', 'sink', 'late'] as const;
export type BadRowStage = (typeof badRowStages)[number];

/** What `key` and `value` of a letter are: the record's own bytes; the row, as JSON in `value`; or nothing, for the record is
 *  too large for where letters go, and lies where `topic`, `partition` and `offset` say. */
export type LetterContent = 'record' | 'row' | 'reference';

/** The columns of a dead letter. A table that letters go to takes those that it has, by name. */
export const deadLetterFields: readonly Field[] = [
  { name: 'job', type: notNull(types.STRING) },
  { name: 'table_name', type: notNull(types.STRING) },
  { name: 'stage', type: notNull(types.STRING) },
  { name: 'code', type: notNull(types.STRING) },
  { name: 'message', type: notNull(types.STRING) },
  { name: 'failed_at', type: notNull(types.timestampLtz(3)) },
  { name: 'place', type: types.STRING },
  { name: 'topic', type: types.STRING },
  { name: 'partition', type: types.INT },
  { name: 'offset', type: types.BIGINT },
  { name: 'timestamp', type: types.timestampLtz(3) },
  { name: 'content', type: notNull(types.STRING) },
  { name: 'key', type: types.BYTES },
  { name: 'value', type: types.BYTES },
  { name: 'headers', type: types.map(notNull(types.STRING), types.BYTES) },
  { name: 'replayed', type: notNull(types.INT) },
];

/** Behind the columns: the record's headers and those of Kafka Connect, for the headers of a record that is a letter. */
export const connectHeadersField: Field = {
  name: 'connect_headers',
  type: notNull(types.map(notNull(types.STRING), types.BYTES)),
};
export const deadLetterRow: readonly Field[] = [...deadLetterFields, connectHeadersField];

/** How often the record was sent again: a header that `millrace dlq replay` writes. */
export const replayedHeader = 'millrace.replayed';
/** How often, by the headers of a record. */
export function replaysOf(
  headers: readonly { readonly key: string; readonly value: Uint8Array | null }[],
): number {
  const value = headers.findLast((h) => h.key === replayedHeader)?.value;
  return value == null ? 0 : Number.parseInt(new TextDecoder().decode(value), 10) || 0;
}

/** What becomes of the bad and late rows of a node. */
export interface BadRowsPlan {
  /** The table whose policy it is, for people; several where late rows are of several. */
  readonly table: string;
  readonly onError: 'fail' | 'skip' | 'dead-letter';
  /** Late rows go to the side output; else they only count. */
  readonly keepsLate: boolean;
  /** Of all records that it takes, no greater part may be bad; undefined: any may. */
  readonly rateMax: ErrorRateMax | undefined;
  /** A larger record is left out of its letter; undefined: none is. */
  readonly recordBytesMax: number | undefined;
}
export interface ErrorRateMax {
  readonly rate: number;
  readonly windowMs: number;
}
