/* Whether data written with one .proto file can be read with another, by the rules that Confluent's registry documents for
 * Protobuf ("Compatibility for Protobuf"): they follow protobuf.dev, "Updating A Message Type". Fields are the same by
 * number, messages by name. Names of fields, enums and what is added with another number or removed do not matter. */

import { bySide, type Incompatibility, type Sentence } from '../compatibility/incompatibility.ts';
import {
  allFields,
  scalarTypes,
  type ProtoField,
  type ProtoMessage,
  type ProtoOneof,
  type ProtoType,
} from './model.ts';
import type { DefinedType, ProtoTypes } from './types.ts';
import type { ProtoFile } from './model.ts';

/** Scalars that read each other's bytes. */
const wireGroups: ReadonlyMap<string, string> = new Map(
  [
    ['whole number', ['int32', 'int64', 'uint32', 'uint64', 'bool']],
    ['signed number', ['sint32', 'sint64']],
    ['string or bytes', ['string', 'bytes']],
    ['fixed32', ['fixed32', 'sfixed32']],
    ['fixed64', ['fixed64', 'sfixed64']],
    ['float', ['float']],
    ['double', ['double']],
  ].flatMap(([group, types]) => (types as string[]).map((type): [string, string] => [type, group as string])),
);

export interface ProtoSide {
  readonly file: ProtoFile;
  readonly types: ProtoTypes;
}
/** A field's type, looked up. */
type Meaning =
  | { readonly kind: 'scalar'; readonly group: string }
  | { readonly kind: 'message'; readonly defined: DefinedType }
  | { readonly kind: 'map'; readonly key: Meaning; readonly value: Meaning };

function meaningOf(type: string, scope: readonly string[], types: ProtoTypes): Meaning {
  const group = wireGroups.get(type);
  if (scalarTypes.has(type) && group !== undefined) return { kind: 'scalar', group };
  const defined = types.resolve(type, scope);
  return defined.type.kind === 'enum'
    ? { kind: 'scalar', group: 'whole number' }
    : { kind: 'message', defined };
}
function fieldMeaning(field: ProtoField, scope: readonly string[], types: ProtoTypes): Meaning {
  const value = meaningOf(field.type, scope, types);
  if (field.keyType === undefined) return value;
  return { kind: 'map', key: meaningOf(field.keyType, scope, types), value };
}
/** Without the package: files may move to another. */
const localName = ({ fullName, file }: DefinedType): string =>
  file.package !== '' && fullName.startsWith(`${file.package}.`)
    ? fullName.slice(file.package.length + 1)
    : fullName;
const written = ({ keyType, type }: ProtoField): string =>
  keyType === undefined ? type : `map<${keyType}, ${type}>`;

class Check {
  readonly #reader: ProtoSide;
  readonly #writer: ProtoSide;
  readonly #findings: Incompatibility[] = [];
  /** Messages of references that are, or were, compared. */
  readonly #compared = new Set<string>();

  constructor(reader: ProtoSide, writer: ProtoSide) {
    this.#reader = reader;
    this.#writer = writer;
  }
  run(): readonly Incompatibility[] {
    const [reader, writer] = [this.#reader.file, this.#writer.file];
    const scope = (file: ProtoFile): string[] => (file.package === '' ? [] : file.package.split('.'));
    if (reader.package !== writer.package)
      this.#add(
        'PACKAGE_CHANGED',
        '#/',
        reader.package,
        (r, w) =>
          `The package is '${reader.package}' in the ${r} schema and '${writer.package}' in the ${w} schema`,
        bySide(
          () => `Keep the package '${writer.package}'`,
          () => `Keep the package '${reader.package}'`,
        ),
      );
    this.#types(reader.types, writer.types, scope(reader), scope(writer), '#/');
    return this.#findings;
  }
  #add(rule: string, path: string, about: string, sentence: Sentence, fix: Sentence): void {
    this.#findings.push({ rule, path, about, sentence, fix });
  }

  #types(
    reader: readonly ProtoType[],
    writer: readonly ProtoType[],
    readerScope: readonly string[],
    writerScope: readonly string[],
    path: string,
  ): void {
    for (const old of writer) {
      if (old.kind !== 'message') continue;
      const at = `${path}${path === '#/' ? '' : '/'}${old.name}`;
      const now = reader.find((type) => type.name === old.name && type.kind === 'message');
      if (now?.kind === 'message')
        this.#message(now, old, [...readerScope, now.name], [...writerScope, old.name], at);
      else
        this.#add(
          'MESSAGE_REMOVED',
          at,
          old.name,
          (r, w) =>
            `The ${r} schema lacks the message '${old.name}' at path '${at}', which the ${w} schema has`,
          bySide(
            () => `Keep the message '${old.name}'; it may move within the file`,
            () => `Leave the message '${old.name}' out of the new schema, or put it in a file of its own`,
          ),
        );
    }
  }
  #message(
    reader: ProtoMessage,
    writer: ProtoMessage,
    readerScope: readonly string[],
    writerScope: readonly string[],
    path: string,
  ): void {
    this.#compared.add(`${readerScope.join('.')} ${writerScope.join('.')}`);
    const before = new Map(allFields(writer).map((field) => [field.number, field]));
    const now = new Map(allFields(reader).map((field) => [field.number, field]));
    for (const oneof of reader.oneofs) this.#movedInto(oneof, writer, `${path}/${oneof.name}`);
    for (const oneof of writer.oneofs)
      if (reader.oneofs.some((o) => o.name === oneof.name)) this.#leftOneof(oneof, now, path);
    for (const [number, field] of before) {
      const at = `${path}/${number}`;
      const same = now.get(number);
      if (same !== undefined) this.#field(same, field, readerScope, writerScope, at);
      else if (field.label === 'required') this.#required(field, at, 'removed');
    }
    for (const [number, field] of now)
      if (!before.has(number) && field.label === 'required')
        this.#required(field, `${path}/${number}`, 'added');
    this.#types(reader.types, writer.types, readerScope, writerScope, path);
  }
  #required({ name, number }: ProtoField, path: string, change: 'added' | 'removed'): void {
    this.#add(
      change === 'added' ? 'REQUIRED_FIELD_ADDED' : 'REQUIRED_FIELD_REMOVED',
      path,
      name,
      (r, w) =>
        `The required field '${name}' = ${number} at path '${path}' is in the ${change === 'added' ? r : w} schema and missing in the ${change === 'added' ? w : r} schema`,
      bySide(
        () => (change === 'added' ? `Make '${name}' optional` : `Keep '${name}', or make it optional first`),
        () => (change === 'added' ? `Keep '${name}' required` : `Make '${name}' optional`),
      ),
    );
  }
  /** A oneof may take in one field that stood outside, and only when it is new itself. */
  #movedInto(oneof: ProtoOneof, writer: ProtoMessage, path: string): void {
    const outside = oneof.fields.filter((f) => writer.fields.some((old) => old.number === f.number));
    const inOneofs = oneof.fields.filter((f) =>
      writer.oneofs.some((o) => o.fields.some((old) => old.number === f.number)),
    );
    const names = outside.map((f) => f.name).join(', ');
    if (outside.length > 1)
      this.#add(
        'MULTIPLE_FIELDS_MOVED_TO_ONEOF',
        path,
        names,
        (r, w) =>
          `The fields ${names} are in the oneof '${oneof.name}' at path '${path}' of the ${r} schema, and beside each other in the ${w} schema, which may set them all`,
        () => 'Move one field at most into a new oneof',
      );
    else if (outside.length === 1 && inOneofs.length > 0)
      this.#add(
        'FIELD_MOVED_TO_EXISTING_ONEOF',
        path,
        names,
        (r, w) =>
          `The field ${names} is in the oneof '${oneof.name}' at path '${path}' of the ${r} schema with fields that were in a oneof of the ${w} schema, where it stood outside`,
        () => `Keep ${names} outside of '${oneof.name}'`,
      );
  }
  #leftOneof(oneof: ProtoOneof, now: ReadonlyMap<number, ProtoField>, path: string): void {
    for (const { name, number } of oneof.fields) {
      if (now.has(number)) continue;
      const at = `${path}/${oneof.name}/${number}`;
      this.#add(
        'ONEOF_FIELD_REMOVED',
        at,
        name,
        (r, w) =>
          `The field '${name}' = ${number} of the oneof '${oneof.name}' at path '${at}' is in the ${w} schema and missing in the ${r} schema`,
        bySide(
          () => `Keep '${name}' in the oneof; mark it deprecated instead`,
          () => `Add '${name}' outside of the oneof`,
        ),
      );
    }
  }
  #field(
    reader: ProtoField,
    writer: ProtoField,
    readerScope: readonly string[],
    writerScope: readonly string[],
    path: string,
  ): void {
    const now = fieldMeaning(reader, readerScope, this.#reader.types);
    const before = fieldMeaning(writer, writerScope, this.#writer.types);
    const changed = (rule: string, what: string): void =>
      this.#add(
        rule,
        path,
        reader.name,
        (r, w) =>
          `The ${what} of the field '${reader.name}' at path '${path}' is ${written(reader)} in the ${r} schema and ${written(writer)} in the ${w} schema`,
        bySide(
          () => `Keep ${written(writer)}, or add a field with another number and reserve ${writer.number}`,
          () => `Keep ${written(reader)}, or add a field with another number and reserve ${reader.number}`,
        ),
      );
    this.#meaning(now, before, path, changed);
    if (
      (reader.label === 'repeated') !== (writer.label === 'repeated') &&
      now.kind === 'scalar' &&
      now.group !== 'string or bytes'
    )
      changed('FIELD_NUMERIC_LABEL_CHANGED', 'label');
  }
  #meaning(now: Meaning, before: Meaning, path: string, changed: (rule: string, what: string) => void): void {
    if (now.kind === 'scalar' && before.kind === 'scalar') {
      if (now.group !== before.group) changed('FIELD_SCALAR_KIND_CHANGED', 'type');
    } else if (now.kind === 'map' && before.kind === 'map') {
      this.#meaning(now.key, before.key, path, changed);
      this.#meaning(now.value, before.value, path, changed);
    } else if (now.kind === 'message' && before.kind === 'message') {
      if (localName(now.defined) !== localName(before.defined))
        changed('FIELD_NAMED_TYPE_CHANGED', 'message');
      else this.#imported(now.defined, before.defined, path);
    } else changed('FIELD_KIND_CHANGED', 'kind');
  }
  /** A message that an import brings is no part of the file: it is compared where a field is of it. */
  #imported(now: DefinedType, before: DefinedType, path: string): void {
    if (now.importedAs === undefined && before.importedAs === undefined) return;
    if (now.type.kind !== 'message' || before.type.kind !== 'message') return;
    if (this.#compared.has(`${now.fullName} ${before.fullName}`)) return;
    this.#message(now.type, before.type, now.fullName.split('.'), before.fullName.split('.'), path);
  }
}

/** Every reason why a reader with the first file cannot read what was written with the second; none when it can. */
export const protoIncompatibilities = (reader: ProtoSide, writer: ProtoSide): readonly Incompatibility[] =>
  new Check(reader, writer).run();
