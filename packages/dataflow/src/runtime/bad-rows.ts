/* What a node does with rows that it cannot use, by the policy of their table.
 *
 *   report ─▶ counted ─▶ [error rate: may fail the job] ─▶ skip │ a dead letter ─▶ side output
 *
 * Keeps: letters of the step under way. Promises: they are in the side output before the node's next barrier or end, so a
 * letter is written as often as the rows beside it are. */

import type { UserError } from '#base';
import {
  BatchBuilder,
  type Batch,
  type Field,
  type MapValue,
  type RecordPosition,
  type Row,
  type RowOrigin,
} from '#data';
import { rowJson } from '#expr';
import { deadLetterRow, replaysOf, type BadRowsPlan, type BadRowStage, type LetterContent } from '#job';
import type { BadRecord, BadRecords, UnreadRow } from '../contracts/index.ts';
import { connectHeaders, type Header } from './connect-headers.ts';
import { ErrorRate, type RateCounts } from './error-rate.ts';
import type { NodeOutput } from './node-output.ts';

export interface BadRowsParts {
  readonly job: string;
  /** Undefined: nobody reads letters. */
  readonly side: NodeOutput | undefined;
  readonly now: () => number;
  /** Of all instances of the node. */
  readonly rates: RateCounts;
  readonly count: (name: string, by: number) => void;
}

/** What a letter is made of. */
interface Letter {
  readonly stage: BadRowStage;
  readonly part?: 'key' | 'value';
  readonly code: string;
  readonly message: string;
  readonly place: string | null;
  readonly position: RecordPosition | undefined;
  readonly content: LetterContent;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly Header[];
  readonly replayed: number;
}

export class BadRows implements BadRecords {
  readonly #plan: BadRowsPlan;
  readonly #parts: BadRowsParts;
  readonly #letters = new BatchBuilder(deadLetterRow.map((f) => f.type));
  readonly #rate: ErrorRate | undefined;
  /** Batches that wait for the side output. */
  readonly #ready: Batch[] = [];

  constructor(plan: BadRowsPlan, parts: BadRowsParts) {
    this.#plan = plan;
    this.#parts = parts;
    this.#rate = plan.rateMax && new ErrorRate(plan.table, plan.rateMax, parts.now, parts.rates);
  }
  /** Rows that fail are reported here; else the first one fails the job. */
  get takesErrors(): boolean {
    return this.#plan.onError !== 'fail';
  }
  get takesLate(): boolean {
    return this.#plan.keepsLate;
  }
  get full(): boolean {
    return this.#ready.length > 0;
  }
  /** Letters have to go out, or are not through: nothing is taken in before. */
  get blocked(): boolean {
    return this.#parts.side?.full === true;
  }

  /** So many rows were taken in, good or bad. Throws DATA4001 where too many of them were bad. */
  seen(rows: number): void {
    this.#rate?.seen(rows);
  }
  /** All came. Throws as `seen`. */
  ended(): void {
    this.#rate?.ended();
  }

  report(record: BadRecord): void {
    const { error, part, place, position, key, value, headers } = record;
    this.#parts.count('numBadRecords', 1);
    this.#rate?.seen(1);
    if (!this.#counts(error)) return;
    const size = (key?.length ?? 0) + (value?.length ?? 0) + headersSize(headers);
    const isLarge = position !== undefined && size > (this.#plan.recordBytesMax ?? Infinity);
    this.#add({
      stage: 'decode',
      part,
      code: error.code,
      message: error.message,
      place,
      position,
      content: isLarge ? 'reference' : 'record',
      key: isLarge ? null : key,
      value: isLarge ? null : value,
      headers: isLarge ? [] : headers,
      replayed: replaysOf(headers),
    });
  }
  unread({ error, place, row }: UnreadRow): void {
    this.#parts.count('numBadRecords', 1);
    this.#rate?.seen(1);
    if (this.#counts(error)) this.#addJson('decode', row, { place }, error.code, error.message);
  }
  /** A row whose record is no longer at hand. */
  row(stage: BadRowStage, batch: Batch, fields: readonly Field[], row: number, error: UserError): void {
    if (stage === 'sink') this.#parts.count('numRowsRefused', 1);
    if (this.#counts(error)) this.#addRow(stage, batch, fields, row, error.code, error.message);
  }
  /** A row that a sink had taken, as JSON. */
  refused(row: string, error: UserError): void {
    this.#parts.count('numRowsRefused', 1);
    if (this.#counts(error)) this.#addJson('sink', row, undefined, error.code, error.message);
  }
  late(batch: Batch, fields: readonly Field[], row: number): void {
    this.#parts.count('numLateDeadLetters', 1);
    const message = 'the row came after the watermark had passed its time';
    this.#addRow('late', batch, fields, row, 'LATE', message);
  }
  /** False where counting is all. */
  #counts(error: UserError): boolean {
    const isLetter = this.#plan.onError === 'dead-letter';
    this.#parts.count(isLetter ? 'numDeadLetters' : 'numRecordsSkipped', 1);
    this.#rate?.bad(error);
    return isLetter;
  }
  #addRow(
    stage: BadRowStage,
    batch: Batch,
    fields: readonly Field[],
    row: number,
    code: string,
    message: string,
  ): void {
    this.#addJson(stage, rowJson(batch, fields, row), batch.origin?.(row), code, message);
  }
  #addJson(
    stage: BadRowStage,
    json: string,
    origin: RowOrigin | undefined,
    code: string,
    message: string,
  ): void {
    const value = Buffer.from(json);
    const isLarge = origin?.position !== undefined && value.length > (this.#plan.recordBytesMax ?? Infinity);
    this.#add({
      stage,
      code,
      message,
      place: origin?.place ?? null,
      position: origin?.position,
      content: isLarge ? 'reference' : 'row',
      key: null,
      value: isLarge ? null : value,
      headers: [],
      replayed: origin?.replayed ?? 0,
    });
  }
  #add(letter: Letter): void {
    const { job } = this.#parts;
    const { position, headers } = letter;
    const about = { ...letter, job, table: this.#plan.table, failedAt: this.#parts.now() };
    const row: Row = [
      job,
      about.table,
      letter.stage,
      letter.code,
      letter.message,
      { ms: about.failedAt, ns: 0 },
      letter.place,
      position?.topic ?? null,
      position?.partition ?? null,
      position === undefined ? null : BigInt(position.offset),
      position === undefined || position.timestamp < 0 ? null : { ms: position.timestamp, ns: 0 },
      letter.content,
      letter.key,
      letter.value,
      asMap(headers),
      letter.replayed,
      asMap([...headers, ...connectHeaders(about)]),
    ];
    this.#letters.appendRow(row);
    if (this.#letters.full) this.#ready.push(this.#letters.build());
  }

  /** Emits letters, a batch of them: false where there were none. Until it is false nothing else may go out of the node, and
   *  it is called only where `blocked` is not. */
  flush(): boolean {
    if (!this.#letters.empty) this.#ready.push(this.#letters.build());
    const batch = this.#ready.shift();
    if (batch === undefined) return false;
    this.#parts.side?.emit(batch);
    return true;
  }
}

const headersSize = (headers: readonly Header[]): number =>
  headers.reduce((sum, h) => sum + h.key.length + (h.value?.length ?? 0), 0);
const asMap = (headers: readonly Header[]): MapValue => ({
  entries: headers.map((h) => [h.key, h.value] as const),
});
