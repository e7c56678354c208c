/* Where a program's output arrays come from: made anew for every batch, or the same ones again where the owner promises
 * that a batch is taken before the next is made (the dataflow does). Arrays may be longer than asked for. */

export interface ArrayPool {
  f64(size: number): Float64Array<ArrayBuffer>;
  i32(size: number): Int32Array<ArrayBuffer>;
  /** All zero. */
  u8(size: number): Uint8Array<ArrayBuffer>;
  /** Everything handed out may be handed out again. */
  reset(): void;
}

export const freshArrays: ArrayPool = {
  f64: (size) => new Float64Array(size),
  i32: (size) => new Int32Array(size),
  u8: (size) => new Uint8Array(size),
  reset: () => {},
};

class Shelf<T extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>> {
  readonly #make: new (
    size: number,
  ) => T;
  readonly #arrays: T[] = [];
  #next = 0;

  constructor(make: new (size: number) => T) {
    this.#make = make;
  }
  take(size: number): T {
    const at = this.#next++;
    const kept = this.#arrays[at];
    if (kept !== undefined && kept.length >= size) return kept;
    const made = new this.#make(Math.max(size, 64));
    this.#arrays[at] = made;
    return made;
  }
  reset(): void {
    this.#next = 0;
  }
}

/** A pool that hands the same arrays out after each `reset`. */
export function reusedArrays(): ArrayPool {
  const f64 = new Shelf<Float64Array<ArrayBuffer>>(Float64Array);
  const i32 = new Shelf<Int32Array<ArrayBuffer>>(Int32Array);
  const u8 = new Shelf<Uint8Array<ArrayBuffer>>(Uint8Array);
  return {
    f64: (size) => f64.take(size),
    i32: (size) => i32.take(size),
    u8: (size) => u8.take(size).fill(0, 0, size),
    reset: () => {
      f64.reset();
      i32.reset();
      u8.reset();
    },
  };
}
