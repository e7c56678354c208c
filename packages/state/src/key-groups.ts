/* Key groups: the shares of keyed state that move whole between instances (Flink's; as many as its maximum parallelism). */

import { assert, limits } from '#base';

const groupBits = Math.log2(limits.keyGroups);
assert(Number.isInteger(groupBits), 'the number of key groups is a power of two');

/** The key group of a hash: its top bits. */
export const keyGroupOf = (hash: number): number => hash >>> (32 - groupBits);

/** The groups from `first` to before `end`. */
export interface KeyGroups {
  has(group: number): boolean;
}
/** The share of one of several instances. */
export function keyGroupsOf(instance: number, instances: number): KeyGroups {
  return { has: (group) => instanceOf(group, instances) === instance };
}
/** Which of several instances a key group belongs to. */
export const instanceOf = (group: number, instances: number): number =>
  Math.floor((group * instances) / limits.keyGroups);
export const allKeyGroups: KeyGroups = { has: () => true };
