/* A .proto file as the registry sees it. */

import { UserError } from '#base';
import type { Incompatibility } from '../compatibility/incompatibility.ts';
import { typeChanged, type Outline, type ParsedSchema, type ReferencedSchema } from '../parsed-schema.ts';
import { protoIncompatibilities } from './compatibility.ts';
import { checkOptions } from './check-options.ts';
import { decodeDescriptor } from './descriptor/decode.ts';
import { encodeDescriptor } from './descriptor/encode.ts';
import { messageAt } from './message-indexes.ts';
import { allFields, scalarTypes, type ProtoFile } from './model.ts';
import { protoOutline } from './outline.ts';
import { parseProto } from './parse.ts';
import { printNormalProto, printProto } from './print.ts';
import { checkTypes, ProtoTypes } from './types.ts';
import { wellKnownFiles } from './well-known.ts';

/** Text, or the base64 of a file descriptor. Throws SCH1003. */
function read(text: string): ProtoFile {
  const compact = text.trim();
  if (compact.length > 0 && compact.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(compact)) {
    const file = decodeDescriptor(Buffer.from(compact, 'base64'));
    if (file !== undefined) return file;
  }
  return parseProto(text);
}

/** The files that a file imports, and those that they import, by their paths. Throws SCH1005 for one that is not there. */
function importsOf(file: ProtoFile, references: ReadonlyMap<string, string>): Map<string, ProtoFile> {
  const found = new Map<string, ProtoFile>();
  const visit = (importing: ProtoFile): void => {
    for (const { path } of importing.imports) {
      if (found.has(path)) continue;
      const text = references.get(path) ?? wellKnownFiles.get(path);
      if (text === undefined)
        throw new UserError('SCH1005', {
          message: `the import "${path}" is not among the references`,
          hint: `Register that file under a subject of its own, and refer to it: {"name": ${JSON.stringify(path)}, "subject": …, "version": …}`,
        });
      const imported = read(text);
      found.set(path, imported);
      visit(imported);
    }
  };
  visit(file);
  return found;
}

export class ProtoSchema implements ParsedSchema {
  readonly type = 'PROTOBUF';
  readonly text: string;
  readonly file: ProtoFile;
  /** What names in the file mean, imports included. */
  readonly types: ProtoTypes;

  constructor(file: ProtoFile, imported: ReadonlyMap<string, ProtoFile>) {
    this.file = file;
    this.types = new ProtoTypes(file, imported);
    checkTypes(file, this.types);
    checkOptions(file);
    this.text = printProto(file);
  }
  /** The text may also be a file descriptor in base64. Throws SCH1003 and SCH1005. */
  static parse(text: string, references: readonly ReferencedSchema[]): ProtoSchema {
    const file = read(text);
    return new ProtoSchema(file, importsOf(file, new Map(references.map((r) => [r.name, r.text]))));
  }
  /** Of the first message. */
  get name(): string | undefined {
    return messageAt(this.file, [0])?.fullName;
  }
  get normalText(): string {
    return printNormalProto(this.file, (type, scope) =>
      scalarTypes.has(type) ? type : `.${this.types.resolve(type, scope).fullName}`,
    );
  }
  get fieldNames(): readonly string[] {
    const first = messageAt(this.file, [0]);
    return first === undefined ? [] : allFields(first.message).map((field) => field.name);
  }
  formatted(format: string): string {
    return format === 'serialized'
      ? encodeDescriptor(this.file, this.types, 'default').toString('base64')
      : this.text;
  }
  cannotRead(writer: ParsedSchema): readonly Incompatibility[] {
    return writer instanceof ProtoSchema
      ? protoIncompatibilities(this, writer)
      : [typeChanged(this.type, writer.type)];
  }
  outline(): Outline {
    return protoOutline(this.file);
  }
}
