/* The watermark of an operator: the least of its numbered inputs that are neither idle nor at their end. The rules are
 * those of runtime/valve.ts, one level up. */

import type { Scalar, StateStore } from '#state';

interface Input {
  readonly watermark: Scalar;
  readonly idle: Scalar;
  ended: boolean;
}

export class InputWatermarks {
  readonly #inputs: readonly Input[];
  /** The operator's own, and whether it is idle: survive in the store. */
  readonly #current: Scalar;
  readonly #idle: Scalar;
  readonly #passed: number[] = [];

  constructor(inputs: number, store: StateStore) {
    this.#current = store.scalar({ name: '$watermark', initial: -Infinity, merge: 'min' });
    this.#idle = store.scalar({ name: '$idle', initial: 0, merge: 'min' });
    this.#inputs = Array.from({ length: inputs }, (_, i) => ({
      watermark: store.scalar({ name: `$watermark${i}`, initial: -Infinity, merge: 'min' }),
      idle: store.scalar({ name: `$idle${i}`, initial: 0, merge: 'min' }),
      ended: false,
    }));
  }
  get current(): number {
    return this.#current.value;
  }
  get allEnded(): boolean {
    return this.#inputs.every((i) => i.ended);
  }
  end(input: number): void {
    this.#inputs[input]!.ended = true;
  }
  /** The state came back: none is idle before it says so again. */
  restored(): void {
    this.#idle.value = 0;
    for (const { idle } of this.#inputs) idle.value = 0;
  }

  /** What the operator's watermark would be if `input` came to `watermark`, which is not NaN. */
  would(input: number, watermark: number): number {
    let least = watermark;
    for (let i = 0; i < this.#inputs.length; i++) {
      if (i === input) continue;
      const other = this.#inputs[i]!;
      if (other.idle.value === 0 && other.watermark.value < least) least = other.watermark.value;
    }
    return Math.max(least, this.#current.value);
  }

  /** A mark of one input. Returns what it means for the operator, good until the next call: nothing, a watermark, NaN for
   *  idle, or both. */
  note(input: number, watermark: number): readonly number[] {
    const passed = this.#passed;
    passed.length = 0;
    const own = this.#inputs[input]!;
    if (Number.isNaN(watermark)) own.idle.value = 1;
    else {
      own.idle.value = 0;
      if (watermark > own.watermark.value) own.watermark.value = watermark;
    }
    if (this.#inputs.length > 1) this.#combine(passed);
    else if (Number.isNaN(watermark)) passed.push(watermark);
    else {
      this.#current.value = own.watermark.value;
      if (own.watermark.value > -Infinity) passed.push(own.watermark.value);
    }
    return passed;
  }
  #combine(passed: number[]): void {
    let least = Infinity;
    let greatest = -Infinity;
    let open = 0;
    let active = 0;
    for (const { watermark, idle } of this.#inputs) {
      if (watermark.value === Infinity) continue;
      open++;
      if (watermark.value > greatest) greatest = watermark.value;
      if (idle.value === 1) continue;
      active++;
      // One that comes back from idleness behind the others holds nobody back until it has caught up.
      if (watermark.value >= this.#current.value && watermark.value < least) least = watermark.value;
    }
    const allIdle = open > 0 && active === 0;
    const to = allIdle ? greatest : least < Infinity || open === 0 ? least : -Infinity;
    const rises = to > this.#current.value;
    if (rises) this.#current.value = to;
    const wasIdle = this.#idle.value === 1;
    this.#idle.value = allIdle ? 1 : 0;
    if (rises || (wasIdle && !allIdle && this.#current.value > -Infinity)) passed.push(this.#current.value);
    if (allIdle && !wasIdle) passed.push(Number.NaN);
  }
}
