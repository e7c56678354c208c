/* Choices by chance, all from one generator, so that a seed gives one case. */

import { Rng } from '#base';

export class Chance {
  readonly #rng: Rng;
  #names = 0;

  constructor(seed: number) {
    this.#rng = new Rng(seed);
  }
  /** True in so many of a hundred. */
  percent(of: number): boolean {
    return this.#rng.below(100) < of;
  }
  below(bound: number): number {
    return this.#rng.below(bound);
  }
  between(low: number, high: number): number {
    return this.#rng.between(low, high);
  }
  pick<T>(items: readonly T[]): T {
    return this.#rng.pick(items);
  }
  /** One of the keys, each as likely as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K {
    const entries = Object.entries(weights) as [K, number][];
    let at = this.below(entries.reduce((sum, [, weight]) => sum + weight, 0));
    for (const [key, weight] of entries) {
      if (at < weight) return key;
      at -= weight;
    }
    return entries[0]![0];
  }
  /** So many different ones, in the order in which they stand; all where there are fewer. */
  some<T>(items: readonly T[], count: number): T[] {
    const left = [...items.keys()];
    while (left.length > count) left.splice(this.below(left.length), 1);
    return left.map((i) => items[i]!);
  }
  /** A name that this case has not yet. */
  name(prefix: string): string {
    return `${prefix}${this.#names++}`;
  }
}
