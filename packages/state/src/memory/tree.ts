/* The rows of each owner in an order: a treap through their slots, with sizes, so that ranks are known too.
 *
 *   owner ─▶ root; each slot: left, right, parent, size of its subtree; a slot's priority is a hash of its number
 *
 * The shape follows from the slots and the order alone (Seidel and Aragon, "Randomized Search Trees", 1996). All steps
 * are logarithmic; next and previous constant on average. Numbers are kept plus one: 0 is none. */

import { finishHash } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { I32Cells } from '../columns/cells.ts';
import type { RowOrder } from './row-order.ts';

const priority = (node: number): number => finishHash(node * 0x9e3779b1);

export class Tree implements RowOrder {
  readonly #root = new I32Cells();
  readonly #left = new I32Cells();
  readonly #right = new I32Cells();
  readonly #parent = new I32Cells();
  readonly #sizes = new I32Cells();
  readonly #compare: (slot: number, other: number) => number;

  /** `compare` tells any two slots apart. */
  constructor(compare: (slot: number, other: number) => number) {
    this.#compare = compare;
  }
  ensure(owners: number, slots: number): void {
    this.#root.ensure(owners);
    this.#left.ensure(slots + 1);
    this.#right.ensure(slots + 1);
    this.#parent.ensure(slots + 1);
    this.#sizes.ensure(slots + 1);
  }
  count(owner: number): number {
    return this.#sizes.values[this.#root.values[owner] ?? 0]!;
  }
  first(owner: number): number {
    return this.#leftmost(this.#root.values[owner] ?? 0) - 1;
  }
  last(owner: number): number {
    return this.#rightmost(this.#root.values[owner] ?? 0) - 1;
  }
  #leftmost(node: number): number {
    const left = this.#left.values;
    let at = node;
    while (at !== 0 && left[at] !== 0) at = left[at]!;
    return at;
  }
  #rightmost(node: number): number {
    const right = this.#right.values;
    let at = node;
    while (at !== 0 && right[at] !== 0) at = right[at]!;
    return at;
  }
  next(slot: number): number {
    const node = slot + 1;
    const right = this.#right.values;
    if (right[node] !== 0) return this.#leftmost(right[node]!) - 1;
    const parents = this.#parent.values;
    let at = node;
    let parent = parents[at]!;
    while (parent !== 0 && right[parent] === at) {
      at = parent;
      parent = parents[at]!;
    }
    return parent - 1;
  }
  previous(slot: number): number {
    const node = slot + 1;
    const left = this.#left.values;
    if (left[node] !== 0) return this.#rightmost(left[node]!) - 1;
    const parents = this.#parent.values;
    let at = node;
    let parent = parents[at]!;
    while (parent !== 0 && left[parent] === at) {
      at = parent;
      parent = parents[at]!;
    }
    return parent - 1;
  }
  /** How many rows of its owner stand in front of the slot. */
  rank(slot: number): number {
    const node = slot + 1;
    const sizes = this.#sizes.values;
    const left = this.#left.values;
    const right = this.#right.values;
    const parents = this.#parent.values;
    let rank = sizes[left[node]!]!;
    for (let at = node, parent = parents[at]!; parent !== 0; at = parent, parent = parents[at]!)
      if (right[parent] === at) rank += sizes[left[parent]!]! + 1;
    return rank;
  }
  /** The slot with `rank` rows in front of it, or -1. */
  nth(owner: number, rank: number): number {
    const sizes = this.#sizes.values;
    const left = this.#left.values;
    const right = this.#right.values;
    let rest = rank;
    let at = this.#root.values[owner] ?? 0;
    while (at !== 0) {
      const before = sizes[left[at]!]!;
      if (rest < before) at = left[at]!;
      else if (rest === before) return at - 1;
      else {
        rest -= before + 1;
        at = right[at]!;
      }
    }
    return -1;
  }
  /** The first slot that does not stand before what is sought, or -1. `isBefore(slot)`: the slot stands before it. */
  seek(owner: number, isBefore: (slot: number) => boolean): number {
    const left = this.#left.values;
    const right = this.#right.values;
    let found = 0;
    let at = this.#root.values[owner] ?? 0;
    while (at !== 0) {
      if (isBefore(at - 1)) at = right[at]!;
      else {
        found = at;
        at = left[at]!;
      }
    }
    return found - 1;
  }

  insert(owner: number, slot: number): void {
    const node = slot + 1;
    const left = this.#left.values;
    const right = this.#right.values;
    const parents = this.#parent.values;
    const sizes = this.#sizes.values;
    left[node] = 0;
    right[node] = 0;
    sizes[node] = 1;
    let parent = 0;
    let isLeft = false;
    for (let at = this.#root.values[owner]!; at !== 0; ) {
      sizes[at]!++;
      parent = at;
      isLeft = this.#compare(slot, at - 1) < 0;
      at = isLeft ? left[at]! : right[at]!;
    }
    parents[node] = parent;
    if (parent === 0) this.#root.values[owner] = node;
    else if (isLeft) left[parent] = node;
    else right[parent] = node;
    const mine = priority(node);
    while (parents[node] !== 0 && priority(parents[node]!) < mine) this.#rotateUp(owner, node);
  }
  remove(owner: number, slot: number): void {
    const node = slot + 1;
    const left = this.#left.values;
    const right = this.#right.values;
    const parents = this.#parent.values;
    const sizes = this.#sizes.values;
    // Down until it has one child at most, which then takes its place.
    while (left[node] !== 0 && right[node] !== 0)
      this.#rotateUp(owner, priority(left[node]!) > priority(right[node]!) ? left[node]! : right[node]!);
    const child = left[node] !== 0 ? left[node]! : right[node]!;
    const parent = parents[node]!;
    if (child !== 0) parents[child] = parent;
    if (parent === 0) this.#root.values[owner] = child;
    else if (left[parent] === node) left[parent] = child;
    else right[parent] = child;
    for (let at = parent; at !== 0; at = parents[at]!) sizes[at]!--;
  }
  /** The node takes its parent's place, and the parent comes below it. */
  #rotateUp(owner: number, node: number): void {
    const left = this.#left.values;
    const right = this.#right.values;
    const parents = this.#parent.values;
    const sizes = this.#sizes.values;
    const parent = parents[node]!;
    const above = parents[parent]!;
    const [near, far] = left[parent] === node ? [left, right] : [right, left];
    const moved = far[node]!;
    near[parent] = moved;
    if (moved !== 0) parents[moved] = parent;
    far[node] = parent;
    parents[parent] = node;
    parents[node] = above;
    if (above === 0) this.#root.values[owner] = node;
    else if (left[above] === parent) left[above] = node;
    else right[above] = node;
    sizes[node] = sizes[parent]!;
    sizes[parent] = sizes[left[parent]!]! + sizes[right[parent]!]! + 1;
  }
  clear(): void {
    this.#root.values.fill(0);
  }
  get bytes(): number {
    return this.#root.bytes + this.#left.bytes + this.#right.bytes + this.#parent.bytes + this.#sizes.bytes;
  }
  snapshot(to: StateWriter, owners: number, slots: number): void {
    this.ensure(owners, slots);
    this.#root.snapshot(to, owners);
    for (const cells of [this.#left, this.#right, this.#parent, this.#sizes]) cells.snapshot(to, slots + 1);
  }
  restore(from: StateReader): void {
    for (const cells of [this.#root, this.#left, this.#right, this.#parent, this.#sizes]) cells.restore(from);
  }
}
