/* The rows of each owner in an order: a treap through their slots, with sizes, so that ranks are known too.
 *
 *   owner ─▶ root; each slot: left, right, parent, size of its subtree; a slot's priority is a hash of its number
 *
 * The shape follows from the slots and the order alone (Seidel and Aragon, "Randomized Search Trees", 1996). All steps
 * are logarithmic; next and previous constant on average. Numbers are kept plus one: 0 is none. */

import { finishHash } from '#data';
import type { StateReader, StateWriter } from '../bytes.ts';
import { I32Cells } from '../columns/cells.ts';
import { Pages } from './pages.ts';
import type { RowOrder } from './row-order.ts';

const nodeCells = 4;
const left = 0;
const right = 1;
const parent = 2;
const size = 3;
const priority = (node: number): number => finishHash(node * 0x9e3779b1);

export class Tree implements RowOrder {
  readonly #root = new I32Cells();
  /** Four numbers a node, side by side, for a step reads several: left, right, parent, size. */
  readonly #nodes = new I32Cells();
  /** Of nodes: what a step changes lies anywhere. */
  readonly #pages = new Pages();
  readonly #compare: (slot: number, other: number) => number;

  /** `compare` tells any two slots apart. */
  constructor(compare: (slot: number, other: number) => number) {
    this.#compare = compare;
  }
  ensure(owners: number, slots: number): void {
    this.#root.ensure(owners);
    this.#nodes.ensure((slots + 1) * nodeCells);
    this.#pages.ensure(slots + 1);
  }
  count(owner: number): number {
    return this.#nodes.values[(this.#root.values[owner] ?? 0) * nodeCells + size]!;
  }
  first(owner: number): number {
    return this.#farthest(this.#root.values[owner] ?? 0, left) - 1;
  }
  last(owner: number): number {
    return this.#farthest(this.#root.values[owner] ?? 0, right) - 1;
  }
  /** The last node on the way from `node` to one side. */
  #farthest(node: number, side: number): number {
    const nodes = this.#nodes.values;
    let at = node;
    for (let child = node; child !== 0; child = nodes[at * nodeCells + side]!) at = child;
    return at;
  }
  next(slot: number): number {
    return this.#neighbour(slot + 1, right, left) - 1;
  }
  previous(slot: number): number {
    return this.#neighbour(slot + 1, left, right) - 1;
  }
  #neighbour(node: number, side: number, otherSide: number): number {
    const nodes = this.#nodes.values;
    const child = nodes[node * nodeCells + side]!;
    if (child !== 0) return this.#farthest(child, otherSide);
    let at = node;
    let above = nodes[at * nodeCells + parent]!;
    while (above !== 0 && nodes[above * nodeCells + side] === at) {
      at = above;
      above = nodes[at * nodeCells + parent]!;
    }
    return above;
  }
  /** How many rows of its owner stand in front of the slot. */
  rank(slot: number): number {
    const nodes = this.#nodes.values;
    let at = slot + 1;
    let rank = nodes[nodes[at * nodeCells + left]! * nodeCells + size]!;
    for (
      let above = nodes[at * nodeCells + parent]!;
      above !== 0;
      at = above, above = nodes[at * nodeCells + parent]!
    )
      if (nodes[above * nodeCells + right] === at)
        rank += nodes[nodes[above * nodeCells + left]! * nodeCells + size]! + 1;
    return rank;
  }
  /** The slot with `rank` rows in front of it, or -1. */
  nth(owner: number, rank: number): number {
    const nodes = this.#nodes.values;
    let rest = rank;
    let at = this.#root.values[owner] ?? 0;
    while (at !== 0) {
      const before = nodes[nodes[at * nodeCells + left]! * nodeCells + size]!;
      if (rest < before) at = nodes[at * nodeCells + left]!;
      else if (rest === before) return at - 1;
      else {
        rest -= before + 1;
        at = nodes[at * nodeCells + right]!;
      }
    }
    return -1;
  }
  /** The first slot that does not stand before what is sought, or -1. `isBefore(slot)`: the slot stands before it. */
  seek(owner: number, isBefore: (slot: number) => boolean): number {
    const nodes = this.#nodes.values;
    let found = 0;
    let at = this.#root.values[owner] ?? 0;
    while (at !== 0) {
      if (isBefore(at - 1)) at = nodes[at * nodeCells + right]!;
      else {
        found = at;
        at = nodes[at * nodeCells + left]!;
      }
    }
    return found - 1;
  }

  insert(owner: number, slot: number): void {
    const node = slot + 1;
    const nodes = this.#nodes.values;
    let above = 0;
    let side = left;
    for (let at = this.#root.values[owner]!; at !== 0; ) {
      this.#pages.touch(at);
      nodes[at * nodeCells + size]!++;
      above = at;
      side = this.#compare(slot, at - 1) < 0 ? left : right;
      at = nodes[at * nodeCells + side]!;
    }
    this.#pages.touch(node);
    nodes[node * nodeCells + left] = 0;
    nodes[node * nodeCells + right] = 0;
    nodes[node * nodeCells + parent] = above;
    nodes[node * nodeCells + size] = 1;
    if (above === 0) {
      this.#root.values[owner] = node;
      return;
    }
    nodes[above * nodeCells + side] = node;
    const mine = priority(node);
    for (; above !== 0 && priority(above) < mine; above = nodes[node * nodeCells + parent]!)
      this.#rotateUp(owner, node);
  }
  remove(owner: number, slot: number): void {
    const node = slot + 1;
    const nodes = this.#nodes.values;
    const at = node * nodeCells;
    // Down until it has one child at most, which then takes its place.
    while (nodes[at + left] !== 0 && nodes[at + right] !== 0) {
      const [a, b] = [nodes[at + left]!, nodes[at + right]!];
      this.#rotateUp(owner, priority(a) > priority(b) ? a : b);
    }
    const child = nodes[at + left]! + nodes[at + right]!;
    const above = nodes[at + parent]!;
    if (child !== 0) {
      this.#pages.touch(child);
      nodes[child * nodeCells + parent] = above;
    }
    this.#putBelow(owner, above, node, child);
    for (let up = above; up !== 0; up = nodes[up * nodeCells + parent]!) {
      this.#pages.touch(up);
      nodes[up * nodeCells + size]!--;
    }
  }
  /** `by` stands where `child` stood below `above`; at the root where that is 0. */
  #putBelow(owner: number, above: number, child: number, by: number): void {
    const nodes = this.#nodes.values;
    if (above === 0) this.#root.values[owner] = by;
    else {
      this.#pages.touch(above);
      nodes[above * nodeCells + (nodes[above * nodeCells + left] === child ? left : right)] = by;
    }
  }
  /** The node takes its parent's place, and the parent comes below it. */
  #rotateUp(owner: number, node: number): void {
    const nodes = this.#nodes.values;
    const at = node * nodeCells;
    const below = nodes[at + parent]!;
    const belowAt = below * nodeCells;
    const above = nodes[belowAt + parent]!;
    const [near, far] = nodes[belowAt + left] === node ? [left, right] : [right, left];
    const moved = nodes[at + far]!;
    this.#pages.touch(node);
    this.#pages.touch(below);
    if (moved !== 0) this.#pages.touch(moved);
    nodes[belowAt + near] = moved;
    if (moved !== 0) nodes[moved * nodeCells + parent] = below;
    nodes[at + far] = below;
    nodes[belowAt + parent] = node;
    nodes[at + parent] = above;
    this.#putBelow(owner, above, below, node);
    nodes[at + size] = nodes[belowAt + size]!;
    nodes[belowAt + size] =
      nodes[nodes[belowAt + left]! * nodeCells + size]! +
      nodes[nodes[belowAt + right]! * nodeCells + size]! +
      1;
  }
  clear(): void {
    this.#root.values.fill(0);
  }
  get bytes(): number {
    return this.#root.bytes + this.#nodes.bytes;
  }
  snapshotOwners(to: StateWriter, owners: number): void {
    this.#root.snapshot(to, owners);
  }
  restoreOwners(from: StateReader): void {
    this.#root.restore(from);
  }
  snapshotSlots(): void {}
  restoreSlots(): void {}
  snapshotApart(to: StateWriter, slots: number): void {
    to.behind(this.#pages);
    this.#nodes.snapshot(to, slots + 1, nodeCells);
    to.behind(undefined);
  }
  restoreApart(from: StateReader): void {
    this.#nodes.restore(from);
    this.#pages.ensure(this.#nodes.values.length / nodeCells);
    this.#pages.touchAll();
  }
}
