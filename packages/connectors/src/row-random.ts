/* Randomness for generated rows: what row r of a column holds depends on the seed, the column and r alone. So
 * a generator goes on from any row, in any batches, with any columns left out, and makes the same rows. */

import { Rng } from '#base';

/** A bijection of 32-bit integers that spreads its input over all bits (C. Wellons, hash prospector). */
function mix(value: number): number {
  let z = value ^ (value >>> 16);
  z = Math.imul(z, 0x21f0aaad);
  z ^= z >>> 15;
  z = Math.imul(z, 0x735a2d97);
  return z ^ (z >>> 15);
}

export class RowRandom {
  readonly #rng = new Rng(0);
  readonly #keys: readonly [number, number, number, number];
  readonly #state: [number, number, number, number] = [0, 0, 0, 0];

  /** `stream` tells apart what the same seed makes: a column's index. */
  constructor(seed: number, stream: number) {
    const rng = new Rng(seed);
    for (let i = 0; i < stream * 4; i++) rng.uint32();
    this.#keys = [rng.uint32(), rng.uint32(), rng.uint32(), rng.uint32()];
  }

  /** The generator for row `row`, an integer from 0. It is one object: draw all of a row before asking for
   *  the next. */
  at(row: number): Rng {
    const [k0, k1, k2, k3] = this.#keys;
    const a = mix((row ^ k0) | 0);
    const b = mix(Math.floor(row / 4294967296) ^ k1 ^ a);
    const c = mix(b ^ k2);
    this.#state[0] = a;
    this.#state[1] = b;
    this.#state[2] = c;
    this.#state[3] = mix(c ^ k3 ^ a);
    this.#rng.restore(this.#state);
    return this.#rng;
  }
}
