/* Messages of Debezium in Avro, behind the id of their schema → rows with their kinds: an envelope is read as one row. */

import type { Field, Row, Value } from '#data';
import type { AvroType, ParsedSchema } from '#schemas';
import { AvroConfluentDecoder } from '../avro-confluent/decoder.ts';
import { beforeAfterChanges, debeziumOperations } from '../changes/before-after.ts';
import { Message, type Change } from '../changes/message.ts';
import type { DecodeLoss, Decoder, RowSink } from '../decoder.ts';
import { MalformedRecord } from '../malformed.ts';
import { envelopeOf } from './envelope.ts';

export class DebeziumAvroDecoder implements Decoder {
  readonly skipsMalformed = false;
  readonly #format: string;
  readonly #fields: readonly Field[];
  readonly #envelopes: AvroConfluentDecoder;

  /** `reader`: the envelope's own schema, whose defaults and aliases count. */
  constructor(fields: readonly Field[], format: string, reader?: AvroType) {
    this.#format = format;
    this.#fields = fields;
    this.#envelopes = new AvroConfluentDecoder(envelopeOf(fields), format, reader);
  }
  get onLoss(): ((loss: DecodeLoss) => void) | undefined {
    return this.#envelopes.onLoss;
  }
  set onLoss(callback: ((loss: DecodeLoss) => void) | undefined) {
    this.#envelopes.onLoss = callback;
  }
  learn(id: number, schema: ParsedSchema | undefined): void {
    this.#envelopes.learn(id, schema);
  }
  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void {
    this.#envelopes.decode(data, start, end, (envelope) => {
      for (const { row, kind } of this.#changes(envelope)) emit(row, kind);
    });
  }
  #changes([before, after, op]: Row): readonly Change[] {
    const members = new Map<string, Value | undefined>([
      ['before', before],
      ['after', after],
      ['op', op],
    ]);
    const fail = (reason: string, hint?: string): MalformedRecord =>
      new MalformedRecord(this.#format, reason, 0, undefined, hint ?? 'Is it a message of Debezium?');
    return beforeAfterChanges(debeziumOperations, new Message(members, this.#fields, fail));
  }
}
