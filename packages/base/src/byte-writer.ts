/* A buffer that grows: where encoders write messages. */

export class ByteWriter {
  data: Buffer;
  size = 0;

  /** `first`: where it writes until that is full. */
  constructor(first: Buffer = Buffer.allocUnsafe(1024)) {
    this.data = first;
  }

  /** Makes room for `length` more bytes and returns where they go. The caller adds to `size` what it
   *  wrote. */
  reserve(length: number): number {
    if (this.size + length > this.data.length) {
      const bigger = Buffer.allocUnsafe(Math.max(this.size + length, this.data.length * 2));
      bigger.set(this.data.subarray(0, this.size));
      this.data = bigger;
    }
    return this.size;
  }
  byte(value: number): void {
    const at = this.reserve(1);
    this.data[at] = value;
    this.size++;
  }
  bytes(source: Uint8Array, start = 0, end = source.length): void {
    const length = end - start;
    const at = this.reserve(length);
    if (length < 32) for (let i = 0; i < length; i++) this.data[at + i] = source[start + i]!;
    else this.data.set(source.subarray(start, end), at);
    this.size += length;
  }
  /** Text of which every character is below U+0080. */
  ascii(text: string): void {
    const at = this.reserve(text.length);
    for (let i = 0; i < text.length; i++) this.data[at + i] = text.charCodeAt(i);
    this.size += text.length;
  }
  text(text: string): void {
    const at = this.reserve(text.length * 3);
    this.size += this.data.write(text, at, 'utf8');
  }
  /** Forgets what was written. */
  clear(): void {
    this.size = 0;
  }
  /** What was written, in bytes of its own. */
  finish(): Uint8Array {
    return Uint8Array.prototype.slice.call(this.data, 0, this.size);
  }
}
