/* What a sink's instance writes into a snapshot, and what of several of them an instance goes on from. */

import { BytesReader, BytesWriter } from '#state';

export interface SinkState {
  readonly finished: boolean;
  /** Content that belongs to the job; empty where the sink has none. */
  readonly own: Uint8Array;
  /** What is prepared and not known to be committed, the oldest first. */
  readonly prepared: readonly Uint8Array[];
}

export function writeSinkState({ finished, own, prepared }: SinkState): Uint8Array {
  const to = new BytesWriter();
  to.u8(finished ? 1 : 0);
  to.bytes(own);
  to.i32(prepared.length);
  for (const bytes of prepared) to.bytes(bytes);
  return to.finish();
}
export function readSinkState(bytes: Uint8Array): SinkState {
  const from = new BytesReader(bytes);
  const finished = from.u8() === 1;
  const own = from.bytes();
  const prepared = Array.from({ length: from.i32() }, () => from.bytes());
  return { finished, own, prepared };
}

/** What all instances of a sink wrote. */
export class SinkStates {
  readonly #states: readonly SinkState[];
  readonly #same: boolean;

  /** `instances`: how many there are now. */
  constructor(parts: readonly Uint8Array[], instances: number) {
    this.#states = parts.map(readSinkState);
    this.#same = parts.length === instances;
  }
  /** At another parallelism a sink has finished only when all had. */
  finished(instance: number): boolean {
    return this.#same ? this.#states[instance]!.finished : this.#states.every((s) => s.finished);
  }
  /** The sink's own content: at another parallelism it is the first instance's. */
  own(instance: number): Uint8Array | undefined {
    if (this.#same) return this.#states[instance]!.own;
    return instance === 0 ? this.#states[0]!.own : undefined;
  }
  /** What the instance commits when it opens. */
  prepared(instance: number): readonly Uint8Array[] {
    return instance === 0 ? this.#states.flatMap((s) => s.prepared) : [];
  }
}
