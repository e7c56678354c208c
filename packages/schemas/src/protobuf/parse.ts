/* Reads a .proto file: proto2, proto3 and editions (protobuf.dev, "Language Specification"). What stands in the way of
 * using it as a schema is an error: numbers and names used twice or reserved, enums that do not begin with 0 in proto3. */

import { Cursor } from './cursor.ts';
import {
  allFields,
  isEdition,
  numberMax,
  scalarTypes,
  type EnumConstant,
  type Extensions,
  type Label,
  type NumberRange,
  type ProtoEnum,
  type ProtoExtend,
  type ProtoField,
  type ProtoFile,
  type ProtoImport,
  type ProtoMessage,
  type ProtoOneof,
  type ProtoOption,
  type ProtoRpc,
  type ProtoService,
  type ProtoType,
  type Reserved,
} from './model.ts';
import { optionList, optionStatement } from './options.ts';

const labels: ReadonlySet<string> = new Set(['optional', 'required', 'repeated']);
const depthMax = 100;
type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer I)[] ? I[] : T[K] };

class Reader {
  readonly #cursor: Cursor;
  #syntax: string | undefined;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }
  file(): ProtoFile {
    const cursor = this.#cursor;
    this.#syntax = this.#syntaxOf();
    const file: Writable<ProtoFile> = {
      syntax: this.#syntax,
      package: '',
      imports: [],
      options: [],
      types: [],
      extends: [],
      services: [],
    };
    while (!cursor.done) {
      if (cursor.take(';')) continue;
      const start = cursor.token.start;
      switch (cursor.path('a message, an enum, or another statement')) {
        case 'package':
          if (file.package !== '') throw cursor.error('there are two packages', start);
          file.package = cursor.path('the name of the package');
          cursor.expect(';');
          break;
        case 'import':
          file.imports.push(this.#import());
          break;
        case 'option':
          file.options.push(optionStatement(cursor));
          break;
        case 'message':
          file.types.push(this.#message(0));
          break;
        case 'enum':
          file.types.push(this.#enum());
          break;
        case 'extend':
          file.extends.push(this.#extend(0));
          break;
        case 'service':
          file.services.push(this.#service());
          break;
        default:
          throw cursor.error('found a word that begins no statement', start);
      }
    }
    this.#noTwice(
      file.types.map((type) => type.name),
      'type',
    );
    return file;
  }
  #syntaxOf(): string | undefined {
    const cursor = this.#cursor;
    const start = cursor.token.start;
    const edition = cursor.take('edition');
    if (!edition && !cursor.take('syntax')) return undefined;
    cursor.expect('=');
    const found = cursor.string(edition ? 'the year of an edition' : '"proto2" or "proto3"');
    if (edition ? !/^\d{4}/.test(found) : found !== 'proto2' && found !== 'proto3')
      throw cursor.error(
        `the syntax is ${JSON.stringify(found)}, expected "proto2", "proto3" or an edition`,
        start,
      );
    cursor.expect(';');
    return found;
  }
  #import(): ProtoImport {
    const kind = this.#cursor.take('public') ? 'public' : this.#cursor.take('weak') ? 'weak' : 'plain';
    const path = this.#cursor.string('the path of a file');
    this.#cursor.expect(';');
    return { path, kind };
  }

  /** Behind the word `message` and, for a group, its number. */
  #message(depth: number): ProtoMessage {
    return this.#body(this.#cursor.name('the name of a message'), depth);
  }
  #body(name: string, depth: number): ProtoMessage {
    const cursor = this.#cursor;
    if (depth > depthMax) throw cursor.error(`messages are nested deeper than ${depthMax} levels`);
    const message: Writable<ProtoMessage> = {
      kind: 'message',
      name,
      fields: [],
      oneofs: [],
      types: [],
      reserved: [],
      extensions: [],
      extends: [],
      options: [],
    };
    const start = cursor.token.start;
    cursor.expect('{');
    while (!cursor.take('}')) this.#member(message, depth);
    this.#checkMessage(message, start);
    return message;
  }
  #member(message: Writable<ProtoMessage>, depth: number): void {
    const cursor = this.#cursor;
    if (cursor.take(';')) return;
    // A word that begins a statement may also be the type of a field: then a name follows, and "=".
    const isField = cursor.ahead(2).text === '=' && cursor.ahead(1).kind === 'word' && !cursor.sees('option');
    const statement = isField ? '' : cursor.token.text;
    switch (statement) {
      case 'message':
        cursor.next();
        message.types.push(this.#message(depth + 1));
        return;
      case 'enum':
        cursor.next();
        message.types.push(this.#enum());
        return;
      case 'oneof':
        cursor.next();
        message.oneofs.push(this.#oneof(message, depth));
        return;
      case 'option':
        cursor.next();
        message.options.push(optionStatement(cursor));
        return;
      case 'reserved':
        cursor.next();
        message.reserved.push(this.#reserved(numberMax));
        return;
      case 'extensions':
        cursor.next();
        message.extensions.push(this.#extensions());
        return;
      case 'extend':
        cursor.next();
        message.extends.push(this.#extend(depth));
        return;
      default:
        message.fields.push(this.#field(message.types, depth, true));
    }
  }
  #field(types: ProtoType[], depth: number, labelled: boolean): ProtoField {
    const cursor = this.#cursor;
    const start = cursor.token.start;
    let label: Label | undefined;
    if (labels.has(cursor.token.text) && cursor.token.kind === 'word') label = cursor.next().text as Label;
    if (label !== undefined && !labelled) throw cursor.error('a field of a oneof has no label', start);
    if (label === 'required' && this.#syntax === 'proto3')
      throw cursor.error('proto3 has no required fields', start);
    if (isEdition(this.#syntax) && (label === 'optional' || label === 'required'))
      throw cursor.error(`editions have no ${label} fields`, start);
    if (cursor.sees('group') && cursor.ahead(1).kind === 'word') {
      if (labelled && label === undefined) throw cursor.error('a group has a label', start);
      return this.#group(types, label, depth);
    }
    const map = cursor.sees('map') && cursor.ahead(1).text === '<';
    let keyType: string | undefined;
    if (map) {
      if (label !== undefined) throw cursor.error('a map has no label', start);
      cursor.next();
      cursor.expect('<');
      keyType = cursor.path('the type of the key');
      if (!scalarTypes.has(keyType) || ['float', 'double', 'bytes'].includes(keyType))
        throw cursor.error(`the key of a map is ${keyType}, expected a whole number, bool or string`, start);
      cursor.expect(',');
    }
    const type = cursor.path('the type of a field');
    if (map) cursor.expect('>');
    const name = cursor.name('the name of a field');
    const number = this.#number();
    const options = optionList(cursor);
    cursor.expect(';');
    const needsLabel = labelled && label === undefined && !map && (this.#syntax ?? 'proto2') === 'proto2';
    if (needsLabel) throw cursor.error(`the field "${name}" has no label, as proto2 asks for`, start);
    return { name, number, label, type, keyType, group: undefined, options };
  }
  #number(): number {
    const cursor = this.#cursor;
    cursor.expect('=');
    const start = cursor.token.start;
    const number = cursor.integer('the number of a field');
    if (number < 1 || number > numberMax)
      throw cursor.error(`the number of a field is ${number}, expected 1 to ${numberMax}`, start);
    if (number >= 19_000 && number <= 19_999)
      throw cursor.error(
        `the number ${number} is one of 19000 to 19999, which Protobuf keeps for itself`,
        start,
      );
    return number;
  }
  #group(types: ProtoType[], label: Label | undefined, depth: number): ProtoField {
    const cursor = this.#cursor;
    if (this.#syntax === 'proto3' || isEdition(this.#syntax))
      throw cursor.error('groups are of proto2 alone');
    cursor.next();
    const name = cursor.name('the name of a group');
    if (!/^[A-Z]/.test(name)) throw cursor.error(`the group "${name}" begins with a small letter`);
    const number = this.#number();
    const options = optionList(cursor);
    const group = this.#body(name, depth + 1);
    types.push(group);
    return { name: name.toLowerCase(), number, label, type: name, keyType: undefined, group, options };
  }
  #oneof(message: Writable<ProtoMessage>, depth: number): ProtoOneof {
    const cursor = this.#cursor;
    const name = cursor.name('the name of a oneof');
    const fields: ProtoField[] = [];
    const options: ProtoOption[] = [];
    cursor.expect('{');
    while (!cursor.take('}')) {
      if (
        cursor.sees('option') &&
        cursor.ahead(2).text === '=' &&
        cursor.ahead(1).kind === 'word' &&
        !/^\d/.test(cursor.ahead(3).text)
      ) {
        cursor.next();
        options.push(optionStatement(cursor));
      } else fields.push(this.#field(message.types, depth, false));
    }
    if (fields.length === 0) throw cursor.error(`the oneof "${name}" has no fields`);
    return { name, fields, options };
  }
  #range(max: number): NumberRange {
    const start = this.#cursor.integer('a number');
    if (!this.#cursor.take('to')) return { start, end: start };
    const end = this.#cursor.take('max') ? max : this.#cursor.integer('a number, or max');
    if (end < start) throw this.#cursor.error(`a range from ${start} to ${end}`);
    return { start, end };
  }
  #reserved(max: number): Reserved {
    const cursor = this.#cursor;
    const values: (NumberRange | string)[] = [];
    do {
      if (cursor.token.kind === 'text') values.push(cursor.string('a name'));
      else if (cursor.token.kind === 'word' && isEdition(this.#syntax)) values.push(cursor.name('a name'));
      else values.push(this.#range(max));
    } while (cursor.take(','));
    cursor.expect(';');
    if (new Set(values.map((value) => typeof value)).size > 1)
      throw cursor.error('a reserved statement has names or numbers, not both');
    return { values };
  }
  #extensions(): Extensions {
    const ranges: NumberRange[] = [];
    do ranges.push(this.#range(numberMax));
    while (this.#cursor.take(','));
    const options = optionList(this.#cursor);
    this.#cursor.expect(';');
    return { ranges, options };
  }
  #extend(depth: number): ProtoExtend {
    const target = this.#cursor.path('the name of a message');
    const fields: ProtoField[] = [];
    const types: ProtoType[] = [];
    this.#cursor.expect('{');
    while (!this.#cursor.take('}')) if (!this.#cursor.take(';')) fields.push(this.#field(types, depth, true));
    return { target, fields };
  }
  #enum(): ProtoEnum {
    const cursor = this.#cursor;
    const name = cursor.name('the name of an enum');
    const start = cursor.token.start;
    const constants: EnumConstant[] = [];
    const reserved: Reserved[] = [];
    const options: ProtoOption[] = [];
    cursor.expect('{');
    while (!cursor.take('}')) {
      if (cursor.take(';')) continue;
      if (cursor.sees('option') && cursor.ahead(1).text !== '=') {
        cursor.next();
        options.push(optionStatement(cursor));
      } else if (cursor.sees('reserved') && cursor.ahead(1).text !== '=') {
        cursor.next();
        reserved.push(this.#reserved(2 ** 31 - 1));
      } else {
        const constant = cursor.name('the name of a constant');
        cursor.expect('=');
        const number = cursor.integer('the number of a constant');
        constants.push({ name: constant, number, options: optionList(cursor) });
        cursor.expect(';');
      }
    }
    if (constants.length === 0) throw cursor.error(`the enum "${name}" has no constants`, start);
    if (this.#syntax === 'proto3' && constants[0]!.number !== 0)
      throw cursor.error(
        `the enum "${name}" begins with ${constants[0]!.number}, expected 0 in proto3`,
        start,
      );
    this.#noTwice(
      constants.map((c) => c.name),
      'constant',
      start,
    );
    const aliases = options.some((o) => o.name === 'allow_alias');
    if (!aliases)
      this.#noTwice(
        constants.map((c) => String(c.number)),
        'number of a constant',
        start,
      );
    return { kind: 'enum', name, constants, reserved, options };
  }
  #service(): ProtoService {
    const cursor = this.#cursor;
    const name = cursor.name('the name of a service');
    const rpcs: ProtoRpc[] = [];
    const options: ProtoOption[] = [];
    cursor.expect('{');
    while (!cursor.take('}')) {
      if (cursor.take(';')) continue;
      if (cursor.take('option')) options.push(optionStatement(cursor));
      else if (cursor.take('rpc')) rpcs.push(this.#rpc());
      else throw cursor.unexpected('rpc, option or "}"');
    }
    return { name, rpcs, options };
  }
  #rpc(): ProtoRpc {
    const cursor = this.#cursor;
    const side = (): { type: string; streams: boolean } => {
      cursor.expect('(');
      const streams = cursor.sees('stream') && cursor.ahead(1).kind === 'word' && cursor.take('stream');
      const type = cursor.path('the type of a message');
      cursor.expect(')');
      return { type, streams };
    };
    const name = cursor.name('the name of a method');
    const request = side();
    cursor.expect('returns');
    const response = side();
    const options: ProtoOption[] = [];
    if (cursor.take('{')) {
      while (!cursor.take('}')) {
        if (cursor.take(';')) continue;
        cursor.expect('option');
        options.push(optionStatement(cursor));
      }
      cursor.take(';');
    } else cursor.expect(';');
    return {
      name,
      request: request.type,
      requestStreams: request.streams,
      response: response.type,
      responseStreams: response.streams,
      options,
    };
  }

  #noTwice(names: readonly string[], what: string, at?: number): void {
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw this.#cursor.error(`the ${what} "${twice}" is there twice`, at);
  }
  #checkMessage(message: ProtoMessage, at: number): void {
    const fields = allFields(message);
    this.#noTwice(
      fields.map((f) => String(f.number)),
      `number of a field of "${message.name}"`,
      at,
    );
    this.#noTwice(
      fields.map((f) => f.name),
      `field of "${message.name}"`,
      at,
    );
    this.#noTwice(
      message.types.map((type) => type.name),
      `type in "${message.name}"`,
      at,
    );
    this.#checkRanges(message, at);
    for (const value of message.reserved.flatMap((r) => r.values)) {
      const taken = fields.find((f) =>
        typeof value === 'string' ? f.name === value : f.number >= value.start && f.number <= value.end,
      );
      if (taken !== undefined)
        throw this.#cursor.error(
          `the field "${taken.name}" = ${taken.number} of "${message.name}" is reserved`,
          at,
        );
    }
  }

  /** No number is in two ranges, or in one and a field's that the range keeps for extensions. */
  #checkRanges(message: ProtoMessage, at: number): void {
    const extensions = message.extensions.flatMap((e) => e.ranges);
    const reserved = message.reserved.flatMap((r) => r.values).filter((value) => typeof value !== 'string');
    const all = [...reserved, ...extensions].sort((a, b) => a.start - b.start);
    const overlap = all.find((range, i) => i > 0 && range.start <= all[i - 1]!.end);
    if (overlap !== undefined)
      throw this.#cursor.error(`ranges of "${message.name}" overlap at ${overlap.start}`, at);
    for (const { name, number } of allFields(message))
      if (extensions.some((range) => number >= range.start && number <= range.end))
        throw this.#cursor.error(
          `the field "${name}" = ${number} of "${message.name}" is in a range of extensions`,
          at,
        );
  }
}

/** The file that the text says. Throws SCH1003 with the place. */
export const parseProto = (text: string): ProtoFile => new Reader(text).file();
