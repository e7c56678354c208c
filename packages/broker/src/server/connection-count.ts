/* How many connections there are, over all listeners: in all, and by address. */

export interface ConnectionBounds {
  /** `max.connections`. */
  readonly max: number;
  /** `max.connections.per.ip`. */
  readonly perAddressMax: number;
}

export class ConnectionCount {
  readonly #bounds: () => ConnectionBounds;
  readonly #byAddress = new Map<string, number>();
  #count = 0;

  /** The bounds may change; connections that there are stay. */
  constructor(bounds: () => ConnectionBounds) {
    this.#bounds = bounds;
  }
  /** Counts one more, or says why there may not be. */
  open(address: string): string | undefined {
    const { max, perAddressMax } = this.#bounds();
    if (this.#count >= max) return `there are ${this.#count} already`;
    const from = this.#byAddress.get(address) ?? 0;
    if (from >= perAddressMax) return `there are ${from} from ${address} already`;
    this.#count++;
    this.#byAddress.set(address, from + 1);
    return undefined;
  }
  close(address: string): void {
    this.#count--;
    const left = (this.#byAddress.get(address) ?? 1) - 1;
    if (left === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, left);
  }
}
