/* Which slots a run met: a set that is emptied in no time.
 *
 *   slot ─▶ place by its low bits, and those behind it ─▶ [slot, turn]; what has another turn is free */

export class SlotSet {
  readonly #mask: number;
  readonly #slots: Int32Array;
  readonly #turns: Int32Array;
  #turn = 1;

  /** Holds `sizeMax` slots. */
  constructor(sizeMax: number) {
    const places = 2 ** Math.ceil(Math.log2(sizeMax * 2));
    this.#mask = places - 1;
    this.#slots = new Int32Array(places);
    this.#turns = new Int32Array(places);
  }
  clear(): void {
    this.#turn++;
    if (this.#turn < 0x7fffffff) return;
    this.#turns.fill(0);
    this.#turn = 1;
  }
  /** False when it was there. */
  add(slot: number): boolean {
    const mask = this.#mask;
    let at = slot & mask;
    while (this.#turns[at] === this.#turn) {
      if (this.#slots[at] === slot) return false;
      at = (at + 1) & mask;
    }
    this.#turns[at] = this.#turn;
    this.#slots[at] = slot;
    return true;
  }
}
