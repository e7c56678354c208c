/* A small seeded generator (xoshiro128**, Blackman and Vigna 2018): the same seed gives the same run everywhere. */

export class Rng {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Any finite number is a seed; it is spread over the state by splitmix32. */
  constructor(seed: number) {
    let s = (Math.floor(seed) ^ Math.floor(seed / 4294967296)) | 0;
    const next = (): number => {
      s = (s + 0x9e3779b9) | 0;
      let z = s ^ (s >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z ^= z >>> 15;
      z = Math.imul(z, 0x735a2d97);
      return (z ^ (z >>> 15)) | 0;
    };
    this.#a = next();
    this.#b = next();
    this.#c = next();
    this.#d = next();
  }

  /** A 32-bit integer, 0 … 2^32 - 1. */
  uint32(): number {
    const r = Math.imul(this.#b, 5);
    const result = Math.imul((r << 7) | (r >>> 25), 9) >>> 0;
    const t = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= t;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result;
  }

  /** A double in [0, 1) with 53 random bits. */
  double(): number {
    return ((this.uint32() >>> 5) * 67108864 + (this.uint32() >>> 6)) / 9007199254740992;
  }

  /** An integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.double() * bound);
  }

  /** An integer in [low, high], both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  /** One of `items`, which must not be empty. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** The four words of state, for a snapshot. */
  state(): [number, number, number, number] {
    return [this.#a, this.#b, this.#c, this.#d];
  }

  restore(state: readonly [number, number, number, number]): void {
    [this.#a, this.#b, this.#c, this.#d] = state;
  }
}
