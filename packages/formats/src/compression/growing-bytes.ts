/* Bytes whose number is known at the end, and bounded: a few compressed ones can say that they are very many. */

export class GrowingBytes {
  data: Uint8Array<ArrayBuffer> = new Uint8Array(1 << 14);
  size = 0;
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.data.subarray(0, this.size);
  }
  /** Makes room for so many more. Throws an Error beyond the bound. */
  reserve(count: number): void {
    const wanted = this.size + count;
    if (wanted > this.#max) throw new Error(`it becomes more than ${this.#max} bytes`);
    if (wanted <= this.data.length) return;
    const grown = new Uint8Array(Math.min(this.#max, Math.max(wanted, 2 * this.data.length)));
    grown.set(this.bytes);
    this.data = grown;
  }
  byte(value: number): void {
    if (this.size === this.data.length) this.reserve(1);
    this.data[this.size++] = value;
  }
  fill(value: number, count: number): void {
    this.reserve(count);
    this.data.fill(value, this.size, this.size + count);
    this.size += count;
  }
  append(data: Uint8Array): void {
    this.reserve(data.length);
    this.data.set(data, this.size);
    this.size += data.length;
  }
}
