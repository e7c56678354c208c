/* One message of one type, which is known beforehand. */

import type { Field } from '#data';
import type { DecodeLoss, Decoder, RowSink } from '../decoder.ts';
import { compileReader, type ProtoRowReader } from './compile-reader.ts';
import { ProtoCursor } from './cursor.ts';
import { refusal } from './find-message.ts';
import type { MessageType } from './message-type.ts';
import { PlanRefusal, planMessage } from './read-plan.ts';

export interface ProtoDecoderOptions {
  readonly format: string;
  readonly skipsMalformed: boolean;
  readonly defaults: boolean;
}

export class ProtoDecoder implements Decoder {
  readonly skipsMalformed: boolean;
  onLoss: ((loss: DecodeLoss) => void) | undefined;
  readonly #cursor: ProtoCursor;
  readonly #read: ProtoRowReader;

  /** Throws FMT1003 for columns that fields do not fit. */
  constructor(
    message: MessageType,
    fields: readonly Field[],
    { format, skipsMalformed, defaults }: ProtoDecoderOptions,
  ) {
    this.skipsMalformed = skipsMalformed;
    this.#cursor = new ProtoCursor(format);
    try {
      this.#read = compileReader(planMessage(message, fields, { defaults, mayLack: false }));
    } catch (error) {
      if (error instanceof PlanRefusal) throw refusal(format, error.message);
      throw error;
    }
  }
  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void {
    this.#cursor.reset(data, start, end);
    emit(this.#read(this.#cursor), 0);
  }
}
