/* Gathers changes of an upsert table by key, so that only the last change of a key is written:
 * 'sink.buffer-flush.*'. */

import { UserError, type Timer, type World } from '#base';
import type { Options } from '#catalog';

type Send = (key: Uint8Array, value: Uint8Array | null, timestamp: number) => void;

interface Waiting {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
  readonly timestamp: number;
}

export class UpsertBuffer {
  readonly #rowsMax: number;
  readonly #intervalMs: number;
  /** By the key's bytes, in the order of their last change. */
  readonly #rows = new Map<string, Waiting>();
  #send: Send | undefined;
  #world: World | undefined;
  #timer: Timer | undefined;

  private constructor(rowsMax: number, intervalMs: number) {
    this.#rowsMax = rowsMax;
    this.#intervalMs = intervalMs;
  }
  /** Undefined when the table does not ask for one. Throws when it sets only one of its two options. */
  static from(options: Options): UpsertBuffer | undefined {
    const rows = options.number('sink.buffer-flush.max-rows') ?? 0;
    const intervalMs = options.durationMs('sink.buffer-flush.interval') ?? 0;
    if (rows > 0 !== intervalMs > 0) {
      throw new UserError('CAT1002', {
        message: `'sink.buffer-flush.max-rows' and 'sink.buffer-flush.interval' must be set together`,
      });
    }
    return rows > 0 ? new UpsertBuffer(rows, intervalMs) : undefined;
  }
  start(world: World, send: Send): void {
    this.#world = world;
    this.#send = send;
  }
  put(key: Uint8Array, value: Uint8Array | null, timestamp: number): void {
    const text = Buffer.from(key).toString('latin1');
    this.#rows.delete(text);
    this.#rows.set(text, { key: new Uint8Array(key), value: value && new Uint8Array(value), timestamp });
    if (this.#rows.size >= this.#rowsMax) this.flush();
    else this.#timer ??= this.#world!.after(this.#intervalMs, () => this.flush());
  }
  flush(): void {
    this.stop();
    for (const { key, value, timestamp } of this.#rows.values()) this.#send!(key, value, timestamp);
    this.#rows.clear();
  }
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
