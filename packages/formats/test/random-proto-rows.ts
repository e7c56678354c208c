/* Random .proto files with a message that a table can be made of: all types, lists packed and not, maps, oneofs, enums, messages
 * in messages, in proto2 and proto3. */

import type { Rng } from '#base';

const numbers = [
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
];
const scalars = [...numbers, 'double', 'float', 'bool', 'string', 'bytes'];
const keys = [...numbers, 'bool', 'string'];

export class RandomProtoRows {
  readonly #rng: Rng;
  readonly #proto3: boolean;
  #names = 0;

  constructor(rng: Rng) {
    this.#rng = rng;
    this.#proto3 = rng.double() < 0.6;
  }
  file(): string {
    const body = this.#message('Root', 0);
    const kind = 'enum Kind { NONE = 0; ONE = 1; MANY = 7; LESS = -2; }';
    const imports = 'import "google/protobuf/timestamp.proto";\nimport "google/protobuf/wrappers.proto";';
    return `syntax = "${this.#proto3 ? 'proto3' : 'proto2'}";\npackage a.b;\n${imports}\n${kind}\n${body}\n`;
  }
  #message(name: string, depth: number): string {
    const nested: string[] = [];
    const lines = Array.from({ length: 1 + this.#rng.below(depth === 0 ? 9 : 4) }, () =>
      this.#field(depth, nested),
    );
    if (this.#rng.double() < 0.3) {
      const member = (): string => `${this.#type(depth, nested)} ${this.#name()} = ${this.#number()};`;
      lines.push(`oneof o${this.#names++} { ${member()} ${member()} }`);
    }
    return `message ${name} {\n${[...nested, ...lines].join('\n')}\n}`;
  }
  #name(): string {
    return `f${this.#names}`;
  }
  #number(): number {
    this.#names++;
    return this.#rng.double() < 0.1 ? 1000 + this.#names : this.#names;
  }
  #type(depth: number, nested: string[]): string {
    switch (this.#rng.below(8)) {
      case 0:
        return 'Kind';
      case 1:
        if (depth > 2) return 'bool';
        nested.push(this.#message(`M${this.#names++}`, depth + 1));
        return /^message (\w+)/.exec(nested.at(-1)!)![1]!;
      case 2:
        return this.#rng.pick([
          'google.protobuf.Timestamp',
          'google.protobuf.Int64Value',
          'google.protobuf.StringValue',
        ]);
      default:
        return this.#rng.pick(scalars);
    }
  }
  #field(depth: number, nested: string[]): string {
    const type = this.#type(depth, nested);
    const single = `${type} ${this.#name()} = ${this.#number()}`;
    switch (this.#rng.below(4)) {
      case 0: {
        const packable = type === 'Kind' || (scalars.includes(type) && type !== 'string' && type !== 'bytes');
        const packed =
          packable && this.#rng.double() < 0.5 ? ` [packed = ${this.#rng.pick(['true', 'false'])}]` : '';
        return `repeated ${single}${packed};`;
      }
      case 1:
        return `map<${this.#rng.pick(keys)}, ${type}> ${single.slice(type.length)};`;
      default:
        return this.#proto3 && this.#rng.double() < 0.5 ? `${single};` : `optional ${single};`;
    }
  }
}
