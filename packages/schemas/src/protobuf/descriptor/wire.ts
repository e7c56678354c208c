/* Protobuf's wire format, as far as descriptors need it: numbers, bytes and messages by field number. */

/** Writes a message field by field. Values that are not given are left out. */
export class WireWriter {
  readonly #parts: Uint8Array[] = [];

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
  #varint(value: bigint): void {
    const out: number[] = [];
    let rest = BigInt.asUintN(64, value);
    do {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      out.push(rest > 0n ? low | 0x80 : low);
    } while (rest > 0n);
    this.#parts.push(Uint8Array.from(out));
  }
  number(field: number, value: number | bigint | undefined): this {
    if (value === undefined) return this;
    this.#varint(BigInt(field << 3));
    this.#varint(BigInt(value));
    return this;
  }
  flag(field: number, value: boolean): this {
    return value ? this.number(field, 1) : this;
  }
  text(field: number, value: string | undefined): this {
    return value === undefined ? this : this.data(field, Buffer.from(value));
  }
  data(field: number, value: Uint8Array): this {
    this.#varint(BigInt((field << 3) | 2));
    this.#varint(BigInt(value.length));
    this.#parts.push(value);
    return this;
  }
  double(field: number, value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.#varint(BigInt((field << 3) | 1));
    this.#parts.push(bytes);
    return this;
  }
  messages<T>(field: number, items: readonly T[], write: (item: T, to: WireWriter) => unknown): this {
    for (const item of items) {
      const inner = new WireWriter();
      write(item, inner);
      this.data(field, inner.bytes());
    }
    return this;
  }
}

/** The fields of a message, in the order in which they came. */
export class WireMessage {
  readonly #fields = new Map<number, (bigint | Buffer)[]>();

  /** Throws RangeError for bytes that are no message. */
  constructor(bytes: Buffer) {
    let at = 0;
    const varint = (): bigint => {
      let value = 0n;
      for (let shift = 0n; shift < 70n; shift += 7n) {
        const byte = bytes[at++];
        if (byte === undefined) break;
        value |= BigInt(byte & 0x7f) << shift;
        if (byte < 0x80) return BigInt.asUintN(64, value);
      }
      throw new RangeError('a number does not end');
    };
    const take = (length: number): Buffer => {
      if (at + length > bytes.length) throw new RangeError('a field is longer than the message');
      at += length;
      return bytes.subarray(at - length, at);
    };
    while (at < bytes.length) {
      const tag = Number(varint());
      const field = Math.floor(tag / 8);
      if (field === 0) throw new RangeError('a field has the number 0');
      const values = this.#fields.get(field) ?? [];
      this.#fields.set(field, values);
      switch (tag & 7) {
        case 0:
          values.push(varint());
          break;
        case 1:
          values.push(take(8));
          break;
        case 2:
          values.push(take(Number(varint())));
          break;
        case 5:
          values.push(take(4));
          break;
        default:
          throw new RangeError(`a field has the wire type ${tag & 7}`);
      }
    }
  }
  #all(field: number): readonly (bigint | Buffer)[] {
    return this.#fields.get(field) ?? [];
  }
  texts(field: number): string[] {
    return this.#buffers(field).map((bytes) => new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  }
  text(field: number): string | undefined {
    return this.texts(field).at(-1);
  }
  #buffers(field: number): Buffer[] {
    return this.#all(field).map((value) => {
      if (typeof value === 'bigint') throw new RangeError(`the field ${field} is a number`);
      return value;
    });
  }
  numbers(field: number): number[] {
    return this.#all(field).flatMap((value) => {
      if (typeof value === 'bigint') return [Number(BigInt.asIntN(64, value))];
      return [...packed(value)];
    });
  }
  number(field: number): number | undefined {
    return this.numbers(field).at(-1);
  }
  flag(field: number): boolean {
    return (this.number(field) ?? 0) !== 0;
  }
  messages(field: number): WireMessage[] {
    return this.#buffers(field).map((bytes) => new WireMessage(bytes));
  }
  message(field: number): WireMessage | undefined {
    return this.messages(field).at(-1);
  }
}
function* packed(bytes: Buffer): Iterable<number> {
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    yield Number(BigInt.asIntN(64, value));
    [value, shift] = [0n, 0n];
  }
}
