/* Whether data written with one Avro schema can be read with another (Avro 1.12, "Schema Resolution"). Finds every reason,
 * under the names that Avro's own check has for them. */

import { bySide, type Incompatibility, type Sentence } from '../compatibility/incompatibility.ts';
import {
  branchName,
  simpleNameOf,
  type AvroField,
  type AvroType,
  type EnumType,
  type FixedType,
  type NamedType,
  type RecordType,
} from './model.ts';

/** Kinds that a reader may promote: by the reader's kind, what the writer may have. */
const promotions: Readonly<Record<string, readonly string[]>> = {
  long: ['int'],
  float: ['int', 'long'],
  double: ['int', 'long', 'float'],
  bytes: ['string'],
  string: ['bytes'],
};
const upper = (type: AvroType): string => type.kind.toUpperCase();

class Check {
  /** Pairs of named types that are, or were, compared: what is recursive is compared once. */
  readonly #pairs = new Map<AvroType, Map<AvroType, readonly Incompatibility[]>>();

  compare(reader: AvroType, writer: AvroType, path: string): readonly Incompatibility[] {
    const found = this.#pairs.get(reader)?.get(writer);
    if (found !== undefined) return found;
    const results: Incompatibility[] = [];
    const byWriter = this.#pairs.get(reader) ?? new Map<AvroType, readonly Incompatibility[]>();
    this.#pairs.set(reader, byWriter.set(writer, []));
    results.push(...this.#compare(reader, writer, path));
    byWriter.set(writer, results);
    return results;
  }
  #compare(reader: AvroType, writer: AvroType, path: string): readonly Incompatibility[] {
    if (writer.kind === 'union')
      return reader.kind === 'union'
        ? writer.branches.flatMap((branch, i) => this.#branch(reader, branch, `${path}/${i}`))
        : writer.branches.flatMap((branch) => this.compare(reader, branch, path));
    if (reader.kind === 'union') return this.#branch(reader, writer, path);
    if (reader.kind === 'array' && writer.kind === 'array')
      return this.compare(reader.items, writer.items, `${path}/items`);
    if (reader.kind === 'map' && writer.kind === 'map')
      return this.compare(reader.values, writer.values, `${path}/values`);
    if (reader.kind === 'fixed' && writer.kind === 'fixed')
      return [...nameMismatch(reader, writer, path), ...sizeMismatch(reader, writer, path)];
    if (reader.kind === 'enum' && writer.kind === 'enum')
      return [...nameMismatch(reader, writer, path), ...missingSymbols(reader, writer, path)];
    if (reader.kind === 'record' && writer.kind === 'record')
      return [...nameMismatch(reader, writer, path), ...this.#fields(reader, writer, `${path}/fields`)];
    if (reader.kind === writer.kind || promotions[reader.kind]?.includes(writer.kind)) return [];
    return [typeMismatch(reader, writer, path)];
  }
  /** One branch of the reader must do. Its own defects are of no interest where another does. */
  #branch(reader: AvroType & { kind: 'union' }, writer: AvroType, path: string): readonly Incompatibility[] {
    if (reader.branches.some((branch) => this.compare(branch, writer, path).length === 0)) return [];
    const named = reader.branches.find((branch) => branchName(branch) === branchName(writer));
    const inside = named === undefined ? undefined : this.compare(named, writer, path)[0];
    return [missingBranch(writer, path, inside)];
  }
  #fields(reader: RecordType, writer: RecordType, path: string): readonly Incompatibility[] {
    return reader.fields.flatMap((field, i) => {
      const candidates = writerFields(field, writer);
      if (candidates.length > 1) return [ambiguous(field, candidates, `${path}/${i}`)];
      const [written] = candidates;
      if (written !== undefined) return this.compare(field.type, written.type, `${path}/${i}/type`);
      return field.default === undefined ? [missingDefault(field, `${path}/${i}`)] : [];
    });
  }
}

/** Fields of the writer that the reader's field may be: those of its name and of its aliases. */
function writerFields({ name, aliases }: AvroField, { fields }: RecordType): AvroField[] {
  return fields.filter((field) => field.name === name || aliases.includes(field.name));
}
const finding = (
  rule: string,
  path: string,
  about: string,
  sentence: Sentence,
  fix: Sentence,
): Incompatibility => ({
  rule,
  path: path === '' ? '/' : path,
  about,
  sentence,
  fix,
});

function ambiguous({ name }: AvroField, candidates: readonly AvroField[], path: string): Incompatibility {
  const names = candidates.map((field) => field.name).join(', ');
  return finding(
    'AMBIGUOUS_ALIASES',
    path,
    name,
    (r, w) =>
      `The field '${name}' at path '${path}' of the ${r} schema may be several of the ${w} schema: ${names}`,
    (r) => `Take aliases away from '${name}' in the ${r} schema until one is left`,
  );
}
function nameMismatch(reader: NamedType, writer: NamedType, path: string): Incompatibility[] {
  if (simpleNameOf(reader.fullName) === simpleNameOf(writer.fullName)) return [];
  if (reader.aliases.includes(writer.fullName)) return [];
  const place = `${path}/name`;
  return [
    finding(
      'NAME_MISMATCH',
      place,
      `expected: ${writer.fullName}`,
      (r, w) =>
        `The ${reader.kind} at path '${place}' is called '${reader.fullName}' in the ${r} schema and '${writer.fullName}' in the ${w} schema`,
      bySide(
        (r) => `Keep the name, or give the type the alias '${writer.fullName}' in the ${r} schema`,
        () => 'Keep the name',
      ),
    ),
  ];
}
function sizeMismatch(reader: FixedType, writer: FixedType, path: string): Incompatibility[] {
  if (reader.size === writer.size) return [];
  const place = `${path}/size`;
  return [
    finding(
      'FIXED_SIZE_MISMATCH',
      place,
      `expected: ${writer.size}, found: ${reader.size}`,
      (r, w) =>
        `The size of the fixed type '${reader.fullName}' at path '${place}' is ${reader.size} in the ${r} schema and ${writer.size} in the ${w} schema`,
      () => 'Keep the size, or add a new field of another fixed type with a default',
    ),
  ];
}
function missingSymbols(reader: EnumType, writer: EnumType, path: string): Incompatibility[] {
  const missing = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol)).sort();
  if (missing.length === 0 || reader.default !== undefined) return [];
  const place = `${path}/symbols`;
  const listed = `[${missing.join(', ')}]`;
  return [
    finding(
      'MISSING_ENUM_SYMBOLS',
      place,
      listed,
      (r, w) =>
        `The enum '${reader.fullName}' at path '${place}' lacks the symbols ${listed} in the ${r} schema, which the ${w} schema may write`,
      bySide(
        (r) => `Keep the symbols, or give the enum a default in the ${r} schema`,
        (_, w) => `Leave the symbols ${listed} out of the ${w} schema`,
      ),
    ),
  ];
}
function missingDefault(field: AvroField, path: string): Incompatibility {
  return finding(
    'READER_FIELD_MISSING_DEFAULT_VALUE',
    path,
    field.name,
    (r, w) =>
      `The field '${field.name}' at path '${path}' has no default value in the ${r} schema and is missing in the ${w} schema`,
    bySide(
      (r) =>
        `Give '${field.name}' a default in the ${r} schema (a union with null first and the default null will do), or an alias if it was renamed`,
      (_, w) => `Keep '${field.name}' in the ${w} schema: readers of before need it`,
    ),
  );
}
function typeMismatch(reader: AvroType, writer: AvroType, path: string): Incompatibility {
  const place = path === '' ? '/' : path;
  const narrowed = promotions[writer.kind]?.includes(reader.kind) ?? false;
  const wider = Object.entries(promotions).find(
    ([kind, from]) =>
      from.includes(writer.kind) && from.includes(reader.kind) && kind !== 'bytes' && kind !== 'string',
  )?.[0];
  return finding(
    'TYPE_MISMATCH',
    path,
    `reader type: ${upper(reader)} not compatible with writer type: ${upper(writer)}`,
    (r, w) =>
      `The type at path '${place}' is ${reader.kind} in the ${r} schema and ${writer.kind} in the ${w} schema`,
    bySide(
      (r) => {
        if (narrowed) return `Keep ${writer.kind}`;
        return wider === undefined
          ? `Keep ${writer.kind}, or make it a union of both in the ${r} schema`
          : `Keep ${writer.kind}, or use ${wider} in the ${r} schema, which reads both`;
      },
      () => `Keep ${reader.kind}`,
    ),
  );
}
function missingBranch(writer: AvroType, path: string, inside: Incompatibility | undefined): Incompatibility {
  const place = path === '' ? '/' : path;
  const name = branchName(writer);
  return finding(
    'MISSING_UNION_BRANCH',
    path,
    `reader union lacking writer type: ${upper(writer)}`,
    (r, w) =>
      inside === undefined
        ? `The union at path '${place}' has no branch in the ${r} schema that reads '${name}', which the ${w} schema may write`
        : `The branch '${name}' of the union at path '${place}' in the ${r} schema cannot read that of the ${w} schema: ${inside.sentence(r, w)}`,
    inside?.fix ??
      bySide(
        (r) => `Add '${name}' to the union in the ${r} schema`,
        (_, w) => `Leave '${name}' out of the union in the ${w} schema`,
      ),
  );
}

/** Every reason why a reader with the first schema cannot read what was written with the second; none when it can. */
export const avroIncompatibilities = (reader: AvroType, writer: AvroType): readonly Incompatibility[] =>
  new Check().compare(reader, writer, '');
