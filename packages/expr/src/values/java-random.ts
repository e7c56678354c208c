/* java.util.Random: RAND(seed) gives the same numbers as on Flink. (The linear congruential generator of its
 * documentation: 48 bits of state.) */

const multiplier = 0x5deece66dn;
const mask = (1n << 48n) - 1n;

export class JavaRandom {
  #state: bigint;

  constructor(seed: number) {
    this.#state = (BigInt(seed) ^ multiplier) & mask;
  }
  /** The next `bits` bits, as a signed 32-bit integer. */
  #next(bits: number): number {
    this.#state = (this.#state * multiplier + 0xbn) & mask;
    return Number(BigInt.asIntN(32, this.#state >> BigInt(48 - bits)));
  }
  /** A double in [0, 1). */
  double(): number {
    return (this.#next(26) * 2 ** 27 + this.#next(27)) * 2 ** -53;
  }
  /** An integer in [0, bound); bound is above 0. */
  below(bound: number): number {
    let bits = this.#next(31);
    if ((bound & (bound - 1)) === 0) return Number((BigInt(bound) * BigInt(bits)) >> 31n);
    let result = bits % bound;
    // Java rejects the top partial range by 32-bit overflow.
    while (((bits - result + (bound - 1)) | 0) < 0) {
      bits = this.#next(31);
      result = bits % bound;
    }
    return result;
  }
}
