/* The JSON encoding of Avro (Avro 1.12, "JSON Encoding"): messages are carried over from JSON to the binary encoding and back, so
 * that all else is done once.
 *
 *   {"id":7,"note":{"string":"a"},"raw":"\u00ff"} ──▶ bytes ──▶ row        a value of a union stands behind the name of its branch */

import { ByteWriter } from '#base';
import type { Column } from '#data';
import {
  branchName,
  isArray,
  isObject,
  JsonNumber,
  parseJson,
  sortOf,
  type AvroType,
  type Json,
} from '#schemas';
import type { DecodeLoss, Decoder, RowSink } from '../decoder.ts';
import type { Encoder } from '../format.ts';
import { MalformedRecord } from '../malformed.ts';
import { doubleToText, floatToText } from '../text/numbers.ts';
import { AvroCursor } from './cursor.ts';
import { writeBytes, writeDouble, writeFloat, writeInt, writeLong } from './write-values.ts';

const format = 'avro';
const text = new TextDecoder('utf-8', { fatal: true });

export class AvroJsonDecoder implements Decoder {
  readonly skipsMalformed = false;
  readonly #schema: AvroType;
  readonly #binary: Decoder;
  readonly #bytes = new ByteWriter();

  constructor(schema: AvroType, binary: Decoder) {
    this.#schema = schema;
    this.#binary = binary;
  }
  get onLoss(): ((loss: DecodeLoss) => void) | undefined {
    return this.#binary.onLoss;
  }
  set onLoss(callback: ((loss: DecodeLoss) => void) | undefined) {
    this.#binary.onLoss = callback;
  }
  decode(data: Uint8Array, start: number, end: number, emit: RowSink): void {
    this.#bytes.clear();
    toBinary(this.#bytes, this.#schema, parsed(data.subarray(start, end)), '');
    this.#binary.decode(this.#bytes.data, 0, this.#bytes.size, emit);
  }
}
function parsed(data: Uint8Array): Json {
  try {
    return parseJson(text.decode(data));
  } catch (thrown) {
    throw new MalformedRecord(
      format,
      (thrown as Error).message,
      0,
      undefined,
      'The table says that messages are JSON.',
    );
  }
}

const longMax = 2n ** 63n;

function toBinary(to: ByteWriter, schema: AvroType, json: Json | undefined, path: string): void {
  const fail = (expected: string): never => {
    const where = path === '' ? '' : `field '${path}': `;
    throw new MalformedRecord(
      format,
      `${where}found ${sortOf(json)}, expected ${expected}`,
      0,
      undefined,
      'The message is of another schema.',
    );
  };
  switch (schema.kind) {
    case 'null':
      return json === null ? undefined : fail('null');
    case 'boolean':
      return typeof json === 'boolean' ? to.byte(json ? 1 : 0) : fail('true or false');
    case 'int':
    case 'long': {
      const value = json instanceof JsonNumber && json.isInteger ? BigInt(json.text) : fail('a whole number');
      const bound = schema.kind === 'int' ? 2n ** 31n : longMax;
      return value >= -bound && value < bound ? writeLong(to, value) : fail(`one of ${schema.kind}'s`);
    }
    case 'float':
    case 'double': {
      const value = numberOf(json) ?? fail('a number');
      return schema.kind === 'float' ? writeFloat(to, value) : writeDouble(to, value);
    }
    case 'string': {
      const bytes = Buffer.from(typeof json === 'string' ? json : fail('a string'));
      return writeBytes(to, bytes, 0, bytes.length);
    }
    case 'bytes': {
      const bytes = bytesOf(json) ?? fail('a string of characters up to U+00FF');
      return writeBytes(to, bytes, 0, bytes.length);
    }
    case 'fixed': {
      const bytes = bytesOf(json);
      return bytes?.length === schema.size
        ? to.bytes(bytes)
        : fail(`a string of ${schema.size} characters up to U+00FF`);
    }
    case 'enum': {
      const index = typeof json === 'string' ? schema.symbols.indexOf(json) : -1;
      return index >= 0 ? writeInt(to, index) : fail(`one of ${schema.symbols.join(', ')}`);
    }
    case 'array': {
      const items = isArray(json) ? json : fail('an array');
      if (items.length > 0) writeLong(to, items.length);
      for (const item of items) toBinary(to, schema.items, item, `${path}[]`);
      return to.byte(0);
    }
    case 'map': {
      const entries = isObject(json) ? [...json] : fail('an object');
      if (entries.length > 0) writeLong(to, entries.length);
      for (const [name, item] of entries) {
        const key = Buffer.from(name);
        writeBytes(to, key, 0, key.length);
        toBinary(to, schema.values, item, `${path}{}`);
      }
      return to.byte(0);
    }
    case 'union': {
      const [name, value] =
        json === null
          ? ['null', null]
          : (onlyMember(json) ?? fail('null, or the name of a branch and its value'));
      const at = schema.branches.findIndex((branch) => branchName(branch) === name);
      if (at < 0) return fail(`one of ${schema.branches.map(branchName).join(', ')}`);
      writeInt(to, at);
      return toBinary(to, schema.branches[at]!, value, path);
    }
    case 'record': {
      const members = isObject(json) ? json : fail('an object');
      for (const field of schema.fields)
        toBinary(to, field.type, members.get(field.name), path === '' ? field.name : `${path}.${field.name}`);
    }
  }
}
const onlyMember = (json: Json | undefined): readonly [string, Json] | undefined =>
  isObject(json) && json.size === 1 ? [...json][0] : undefined;
function numberOf(json: Json | undefined): number | undefined {
  if (json instanceof JsonNumber) return json.value;
  const names: Readonly<Record<string, number>> = {
    NaN: Number.NaN,
    Infinity: Infinity,
    '-Infinity': -Infinity,
  };
  return typeof json === 'string' ? names[json] : undefined;
}
const bytesOf = (json: Json | undefined): Uint8Array | undefined =>
  typeof json === 'string' && /^[\u0000-\u00ff]*$/.test(json) ? Buffer.from(json, 'latin1') : undefined;

export class AvroJsonEncoder implements Encoder {
  readonly #schema: AvroType;
  readonly #binary: Encoder;
  readonly #bytes = new ByteWriter();
  readonly #cursor = new AvroCursor(format);

  constructor(schema: AvroType, binary: Encoder) {
    this.#schema = schema;
    this.#binary = binary;
  }
  encode(columns: readonly Column[], row: number, kind: number, to: ByteWriter): void {
    this.#bytes.clear();
    this.#binary.encode(columns, row, kind, this.#bytes);
    this.#cursor.reset(this.#bytes.data, 0, this.#bytes.size);
    to.text(fromBinary(this.#cursor, this.#schema));
  }
}

function fromBinary(c: AvroCursor, schema: AvroType): string {
  switch (schema.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(c.boolean());
    case 'int':
      return String(c.int());
    case 'long':
      return String(c.long());
    case 'float':
      return special(c.float(), floatToText);
    case 'double':
      return special(c.double(), doubleToText);
    case 'string':
      return quoted(c.text());
    case 'bytes':
      return quoted(Buffer.from(c.bytes()).toString('latin1'));
    case 'fixed':
      return quoted(Buffer.from(c.bytes(schema.size)).toString('latin1'));
    case 'enum':
      return quoted(c.symbol(schema.symbols));
    case 'union': {
      const branch = schema.branches[c.branch(schema.branches.length)]!;
      return branch.kind === 'null' ? 'null' : `{${quoted(branchName(branch))}:${fromBinary(c, branch)}}`;
    }
    case 'record': {
      const members = schema.fields.map(({ name, type }) => `${quoted(name)}:${fromBinary(c, type)}`);
      return `{${members.join(',')}}`;
    }
    case 'array':
      return `[${blocks(c, () => fromBinary(c, schema.items))}]`;
    case 'map':
      return `{${blocks(c, () => `${quoted(c.text())}:${fromBinary(c, schema.values)}`)}}`;
  }
}
function blocks(c: AvroCursor, item: () => string): string {
  const items: string[] = [];
  for (let n = c.block(1); n > 0; n = c.block(1)) while (n-- > 0) items.push(item());
  return items.join(',');
}
const special = (value: number, write: (value: number) => string): string =>
  Number.isFinite(value) ? write(value) : `"${value}"`;
/** Escapes as Java's writers do: with capital digits, and characters beyond the first plane as two. */
const quoted = (value: string): string =>
  JSON.stringify(value)
    .replaceAll(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`)
    .replaceAll(/[\ud800-\udfff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase()}`);
