/* Things by the time at which they are due, least time first; those of one time in the order in which they were put.
 *
 *   put(30, a) put(10, b) put(30, c) ─▶ next 10 ─▶ shift b ─▶ next 30 ─▶ shift a, c
 *
 * A binary heap of distinct times over a list for each, so that a watermark that passes a million windows costs
 * n log n, not a look at every open window for each that closes. */

export class TimeQueue<T> {
  readonly #heap: number[] = [];
  readonly #items = new Map<number, T[]>();

  /** The least time at which something is due, or Infinity. */
  get next(): number {
    return this.#heap[0] ?? Infinity;
  }
  put(time: number, item: T): void {
    const list = this.#items.get(time);
    if (list !== undefined) {
      list.push(item);
      return;
    }
    this.#items.set(time, [item]);
    this.#rise(time);
  }
  /** All that is due at `next`, taken out; empty when nothing is left. */
  takeNext(): T[] {
    const [time] = this.#heap;
    if (time === undefined) return [];
    const list = this.#items.get(time)!;
    this.#items.delete(time);
    this.#sink();
    return list;
  }

  #rise(time: number): void {
    const heap = this.#heap;
    let at = heap.push(time) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]! <= time) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = time;
  }
  /** Takes the root away: the last one goes down from there. */
  #sink(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]! < heap[child]!) child++;
      if (heap[child]! >= last) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}
