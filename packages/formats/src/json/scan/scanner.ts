/* JSON records → columns: what the json format brings to the ladder. The fused rung is written for the key order that
 * the data shows, and written anew when it no longer does. */

import type { ThreadMemory } from '#wasm';
import type { FormatOptions } from '../../format-options.ts';
import type { Decoder } from '../../decoder.ts';
import type { RecordPositions, Scanner, ScannerSpec } from '../../scanner.ts';
import { Frame } from '../../scan/frame.ts';
import { LadderScanner, type ScannerFormat } from '../../scan/ladder.ts';
import { scannerModule } from '../../scan/rungs.ts';
import { fitsFrame } from '../../scan/slots.ts';
import { JsonDecoder } from '../decoder.ts';
import { jsonDecodeSettings } from '../options.ts';
import { addJsonFunctions } from './emit.ts';
import { readShape } from './fused.ts';
import { addJsonGeneric, type ScanSettings } from './generic.ts';
import { ObjectShape } from './shape.ts';

/** Records that a shape is learnt from at most. */
const lessonRecords = 64;

/** What a record is to formats whose messages are more than JSON: a prefix, which begins with a zero, and JSON. */
export interface JsonEnvelope {
  readonly prefixBytes: number;
  /** Of whole messages. */
  readonly decoder: Decoder;
}

/** Undefined when a field's type is not for scanners, or the memory has no room. */
export function createJsonScanner(
  { memory, fields, options, rowsMax }: ScannerSpec,
  envelope: JsonEnvelope = { prefixBytes: 0, decoder: new JsonDecoder(fields, options, 'json') },
): Scanner | undefined {
  if (fields.length > 63 || !fields.every((f) => fitsFrame(f.type))) return undefined;
  const frame = Frame.create(memory, fields, rowsMax, jsonDecodeSettings(options).style);
  return frame && new LadderScanner(memory, frame, new JsonScan(memory, frame, envelope, options));
}

class JsonScan implements ScannerFormat {
  readonly learns = true;
  readonly decoder: Decoder;
  readonly #prefixBytes: number;
  readonly #memory: ThreadMemory;
  readonly #frame: Frame;
  readonly #settings: ScanSettings;

  constructor(memory: ThreadMemory, frame: Frame, envelope: JsonEnvelope, options: FormatOptions) {
    const { style, failOnMissing, rawNumbers } = jsonDecodeSettings(options);
    this.#memory = memory;
    this.#frame = frame;
    this.#settings = { style, failOnMissing, rawNumbers };
    this.decoder = envelope.decoder;
    this.#prefixBytes = envelope.prefixBytes;
  }

  write({ starts, ends }: RecordPositions, from: number, to: number): Uint8Array<ArrayBuffer> {
    const { root } = this.#frame;
    const shape = new ObjectShape(root);
    for (let i = from; i < Math.min(to, from + lessonRecords); i++) {
      const start = starts[i]! + this.#prefixBytes;
      if (starts[i]! >= 0 && start <= ends[i]!) shape.learn(this.#memory.bytes, start, ends[i]!);
    }
    return scannerModule(
      this.#frame,
      (m, shared) => {
        const json = addJsonFunctions(m, this.#frame);
        return {
          generic: addJsonGeneric(m, this.#frame, { shared, json }, this.#settings),
          fused: (e, bad) => readShape({ ...e, json, escapes: false }, root, shape, this.#settings, bad),
        };
      },
      this.#prefixBytes,
    );
  }
}
