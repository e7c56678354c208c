/* Random .proto files, most of them right: for comparing with protoc. A seed gives the same again. */

import type { Rng } from '#base';

const scalars = [
  'double',
  'float',
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
  'bool',
  'string',
  'bytes',
];
const keys = [
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
  'bool',
  'string',
];
const wellKnown = ['google.protobuf.Timestamp', 'google.protobuf.Duration', '.google.protobuf.Struct'];
/** Words that begin statements, and may be names all the same. */
const oddNames = [
  'message',
  'optional',
  'reserved',
  'option',
  'map',
  'stream',
  'to',
  'max',
  'syntax',
  'string',
  'oneof',
  'group',
];

export class RandomProto {
  readonly #rng: Rng;
  #syntax = 'proto3';
  #package = '';
  /** Full names of types that are there, with what they are. */
  #types: { readonly name: string; readonly kind: 'message' | 'enum' }[] = [];
  #count = 0;

  constructor(rng: Rng) {
    this.#rng = rng;
  }
  #chance(p: number): boolean {
    return this.#rng.double() < p;
  }
  file(): string {
    this.#syntax = this.#rng.pick(['proto3', 'proto3', 'proto2', 'proto2-silent']);
    this.#package = this.#rng.pick(['', 'a', 'a.b.c']);
    this.#types = [];
    const body: string[] = [];
    for (let i = this.#rng.between(1, 3); i > 0; i--)
      body.push(this.#chance(0.3) ? this.#enum('') : this.#message('', 0));
    const options = [
      `option java_package = "com.x\\n\\"y";`,
      `option java_multiple_files = true;`,
      `option optimize_for = CODE_SIZE;`,
      `option go_package = 'x';`,
    ].filter(() => this.#chance(0.3));
    const service = this.#chance(0.3) ? this.#service() : '';
    return [
      this.#syntax === 'proto2-silent' ? '' : `syntax = "${this.#syntax}"; // said`,
      this.#package === '' ? '' : `package ${this.#package};`,
      'import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto";',
      'import public "google/protobuf/struct.proto"; /* a\n comment */',
      ...options,
      ...body,
      service,
    ].join('\n');
  }
  get #proto3(): boolean {
    return this.#syntax === 'proto3';
  }
  #full(scope: string, name: string): string {
    return [this.#package, scope, name].filter((part) => part !== '').join('.');
  }
  #enum(scope: string): string {
    const name = `E${this.#count++}`;
    this.#types.push({ name: this.#full(scope, name), kind: 'enum' });
    const alias = this.#chance(0.2);
    const constants = [`${name}_A = 0${this.#chance(0.2) ? ' [deprecated = true]' : ''};`];
    for (let i = 1; i < this.#rng.between(1, 4); i++)
      constants.push(`${name}_C${i} = ${this.#rng.pick([i, -i, `0x1${i}`])};`);
    if (alias) constants.push(`${name}_Z = 0;`);
    const reserved = this.#chance(0.3)
      ? 'reserved 100 to 110, 200, 1000 to max; reserved "GONE", "LOST";'
      : '';
    return `enum ${name} { ${alias ? 'option allow_alias = true;' : ''} ${reserved} ${constants.join(' ')} }`;
  }
  #message(scope: string, depth: number): string {
    const name = `M${this.#count++}`;
    this.#types.push({ name: this.#full(scope, name), kind: 'message' });
    const inner = scope === '' ? name : `${scope}.${name}`;
    const parts: string[] = [];
    if (depth < 2 && this.#chance(0.5)) parts.push(this.#message(inner, depth + 1));
    if (this.#chance(0.3)) parts.push(this.#enum(inner));
    let number = 1;
    const next = (): number => (number += this.#rng.between(1, 3));
    for (let i = this.#rng.between(0, 6); i > 0; i--) parts.push(this.#field(`f${i}`, next(), true));
    if (this.#chance(0.2)) parts.push(this.#field(this.#rng.pick(oddNames), next(), true));
    if (this.#chance(0.3))
      parts.push(
        `oneof choice { ${this.#field('c1', next(), false)} ${this.#field('c_two', next(), false)} }`,
      );
    if (!this.#proto3 && this.#chance(0.3))
      parts.push(`optional group G${this.#count} = ${next()} { optional int32 g = 1; }`);
    if (this.#chance(0.3)) parts.push('reserved 500, 600 to 700; reserved "old", "older";');
    if (!this.#proto3 && this.#chance(0.3)) parts.push('extensions 1000 to 1999, 5000 to max;');
    if (this.#chance(0.2)) parts.push('option deprecated = true;');
    return `message ${name} { ${parts.join(' ')} ${this.#chance(0.2) ? ';' : ''} }`;
  }
  #field(name: string, number: number, labelled: boolean): string {
    const isMap = labelled && this.#chance(0.15);
    const { type, kind } = this.#type();
    if (isMap) return `map<${this.#rng.pick(keys)}, ${type}> ${name} = ${number};`;
    const labels = this.#proto3
      ? ['', '', 'optional ', 'repeated ']
      : ['optional ', 'required ', 'repeated '];
    const label = labelled ? this.#rng.pick(labels) : '';
    return `${label}${type} ${name} = ${number}${this.#options(name, kind, label)};`;
  }
  #type(): { type: string; kind: string } {
    if (this.#chance(0.6)) {
      const type = this.#rng.pick(scalars);
      return { type, kind: type };
    }
    if (this.#chance(0.2)) return { type: this.#rng.pick(wellKnown), kind: 'message' };
    const { name, kind } = this.#rng.pick(this.#types);
    // An enum of proto2 may begin elsewhere than at 0; ours do not.
    return { type: `.${name}`, kind };
  }
  #options(name: string, kind: string, label: string): string {
    const options: string[] = [];
    if (this.#chance(0.15)) options.push('deprecated = true');
    if (this.#chance(0.15)) options.push(`json_name = "${name}Json"`);
    if (label === 'repeated ' && /int|fixed|bool|double|float/.test(kind) && this.#chance(0.3))
      options.push(`packed = ${this.#chance(0.5)}`);
    if (!this.#proto3 && label === 'optional ' && this.#chance(0.3)) {
      if (kind === 'string') options.push('default = "a\\"\\x41\\101b"');
      else if (/^s?int|sfixed/.test(kind)) options.push('default = -7');
      else if (kind === 'bool') options.push('default = true');
    }
    return options.length === 0 ? '' : ` [${options.join(', ')}]`;
  }
  #service(): string {
    const messages = this.#types.filter((type) => type.kind === 'message');
    if (messages.length === 0) return '';
    const side = (): string => `${this.#chance(0.3) ? 'stream ' : ''}.${this.#rng.pick(messages).name}`;
    return `service S { option deprecated = true; rpc One (${side()}) returns (${side()}); rpc Two(${side()}) returns (${side()}) { option idempotency_level = IDEMPOTENT; } }`;
  }
}

/** A text with one of its tokens gone, there twice, or in the place of another. */
export function damaged(text: string, rng: Rng): string {
  const plain = text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
  const tokens = plain.split(/(\s+|(?=[;{}[\]=,<>])|(?<=[;{}[\]=,<>]))/).filter((token) => token?.trim());
  const at = rng.below(tokens.length);
  const kind = rng.below(5);
  if (kind < 3) tokens.splice(at, 1);
  else if (kind === 3) tokens.splice(at, 0, tokens[at]!);
  else tokens[at] = rng.pick(tokens);
  return tokens.join(' ');
}
