/* Whether what is right by one JSON Schema is right by another, by the rules that Confluent's registry documents. A schema
 * that allows properties which it does not name (an open one) may have had them written with any type: naming one later is
 * a change. */

import type { Incompatibility } from '../compatibility/incompatibility.ts';
import { printJson, printSorted } from '../json/print.ts';
import { isObject, sameJson, type Json, type JsonObject } from '../json/value.ts';
import { accepts } from './accepts.ts';
import type { Comparer, TypedNode } from './comparer.ts';
import { compareArrays } from './compare-arrays.ts';
import { compareObjects } from './compare-objects.ts';
import type { Documents, Located } from './documents.ts';
import { boundFinding, bounds, finding } from './findings.ts';
import { maximumMatching } from './matching.ts';
import { nodeOf, numberAt, type Node } from './node.ts';

type CombinedNode = Extract<Node, { kind: 'combined' }>;
type Findings = readonly Incompatibility[];

const words = (node: Node): string => {
  switch (node.kind) {
    case 'typed':
      return node.type;
    case 'values':
      return node.values.map(printJson).join(', ');
    case 'combined':
      return node.how;
    case 'schema':
      return 'another schema';
    default:
      return node.kind;
  }
};

/** Pairs that are being compared: met again inside, they say nothing more. */
class OpenPairs {
  readonly #open = new Map<Json, Set<Json>>();
  /** How often that was so: what was found since rests on an assumption. */
  met = 0;

  once(reader: Json, writer: Json, compare: () => Findings): Findings {
    const open = this.#open.get(reader) ?? new Set();
    if (open.has(writer)) {
      this.met++;
      return [];
    }
    this.#open.set(reader, open.add(writer));
    const found = compare();
    open.delete(writer);
    return found;
  }
}

class Comparison implements Comparer {
  readonly #reader: Documents;
  readonly #writer: Documents;
  /** Pairs of schemas under way: one that holds itself is compared once. */
  readonly #open = new OpenPairs();
  /** The same of what $refs lead to. */
  readonly #openTyped = new OpenPairs();
  /** Pairs of parts that were compared before: combinations in combinations ask for them again and again. */
  readonly #known = new Map<Json, Map<Json, boolean>>();

  constructor(reader: Documents, writer: Documents) {
    this.#reader = reader;
    this.#writer = writer;
  }
  schemas(reader: Located, writer: Located, path: string): Findings {
    return this.nodes({ kind: 'schema', at: reader }, { kind: 'schema', at: writer }, path);
  }
  isAny(at: Located, side: 'reader' | 'writer'): boolean {
    return this.#look({ kind: 'schema', at }, side).kind === 'any';
  }
  isNever(at: Located, side: 'reader' | 'writer'): boolean {
    return this.#look({ kind: 'schema', at }, side).kind === 'never';
  }
  #look(node: Node, side: 'reader' | 'writer'): Node {
    if (node.kind !== 'schema') return node;
    return nodeOf(node.at, side === 'reader' ? this.#reader : this.#writer);
  }

  nodes(givenReader: Node, givenWriter: Node, path: string): Findings {
    const [a, b] = [placeOf(givenReader), placeOf(givenWriter)];
    if (a === undefined || b === undefined || !isObject(a) || !isObject(b))
      return this.#nodes(givenReader, givenWriter, path);
    return this.#open.once(a, b, () => this.#nodes(givenReader, givenWriter, path));
  }
  /** Whether everything that is right by the writer's part is right by the reader's. */
  #fits(reader: Node, writer: Node, path: string): boolean {
    const [a, b] = [placeOf(reader), placeOf(writer)];
    if (a === undefined || b === undefined) return this.nodes(reader, writer, path).length === 0;
    const byWriter = this.#known.get(a) ?? new Map<Json, boolean>();
    const known = byWriter.get(b);
    if (known !== undefined) return known;
    const before = this.#open.met + this.#openTyped.met;
    const fits = this.nodes(reader, writer, path).length === 0;
    // What fits because of an assumption may not fit elsewhere.
    if (!fits || this.#open.met + this.#openTyped.met === before) this.#known.set(a, byWriter.set(b, fits));
    return fits;
  }
  #nodes(givenReader: Node, givenWriter: Node, path: string): Findings {
    const reader = this.#look(givenReader, 'reader');
    const writer = this.#look(givenWriter, 'writer');
    if (reader.kind === 'any' || writer.kind === 'never') return [];
    if (writer.kind === 'any') return [finding('SCHEMA_ADDED', path, words(reader))];
    if (writer.kind === 'values') return this.#values(reader, writer.values, path);
    if (reader.kind === 'combined' && writer.kind === 'combined') return this.#combined(reader, writer, path);
    if (reader.kind === 'combined') return this.#intoCombined(reader, writer, path);
    if (writer.kind === 'combined') return this.#outOfCombined(reader, writer, path);
    if (reader.kind === 'not' && writer.kind === 'not') return this.#not(reader.part, writer.part, path);
    if (reader.kind === 'typed' && writer.kind === 'typed')
      return this.#openTyped.once(reader.keywords, writer.keywords, () => this.#typed(reader, writer, path));
    if (reader.kind === 'values') return [finding('ENUM_ARRAY_NARROWED', path, `only ${words(reader)}`)];
    return [finding('TYPE_CHANGED', path, `${words(writer)} to ${words(reader)}`)];
  }
  #values(reader: Node, values: readonly Json[], path: string): Findings {
    const lost = values.filter((value) => !accepts(reader, value, this.#reader));
    if (lost.length === 0) return [];
    const about = `${lost.map(printJson).join(', ')} ${lost.length === 1 ? 'is' : 'are'} no longer allowed`;
    if (reader.kind !== 'values') return [finding('TYPE_CHANGED', path, about)];
    const kept = reader.values.every((value) => values.some((other) => sameJson(other, value)));
    return [finding(kept ? 'ENUM_ARRAY_NARROWED' : 'ENUM_ARRAY_CHANGED', path, about)];
  }
  /** The reader is a combination and the writer none. */
  #intoCombined(reader: CombinedNode, writer: Node, path: string): Findings {
    const results = reader.parts.map((part) => this.nodes(part, writer, path));
    if (reader.how === 'allOf') return results.flat();
    if (results.some((found) => found.length === 0)) return [];
    return results.length === 1
      ? results[0]!
      : [finding('TYPE_CHANGED', path, `${words(writer)} is none of ${reader.how}`)];
  }
  /** The writer is a combination and the reader none: of allOf one part may do, of the others each must. */
  #outOfCombined(reader: Node, writer: CombinedNode, path: string): Findings {
    const results = writer.parts.map((part) => this.nodes(reader, part, path));
    if (writer.how === 'allOf' && results.some((found) => found.length === 0)) return [];
    if (writer.how !== 'allOf' && results.every((found) => found.length === 0)) return [];
    if (results.length === 1) return results[0]!;
    return [finding('TYPE_CHANGED', path, `${writer.how} of ${writer.parts.length} to ${words(reader)}`)];
  }
  #combined(reader: CombinedNode, writer: CombinedNode, path: string): Findings {
    const single = (node: CombinedNode): boolean => node.parts.length === 1;
    const mayBecome =
      reader.how === writer.how ||
      reader.how === 'anyOf' ||
      (reader.how === 'oneOf' && single(writer)) ||
      (reader.how === 'allOf' && single(writer) && single(reader));
    if (!mayBecome) return [finding('COMBINED_TYPE_CHANGED', path, `${writer.how} to ${reader.how}`)];
    const [before, now] = [this.#distinct(writer.parts, 'writer'), this.#distinct(reader.parts, 'reader')];
    const found: Incompatibility[] = [];
    if (before.length < now.length && reader.how === 'allOf')
      found.push(
        finding('PRODUCT_TYPE_EXTENDED', path, `allOf of ${now.length} instead of ${before.length}`),
      );
    if (before.length > now.length && reader.how !== 'allOf')
      found.push(
        finding('SUM_TYPE_NARROWED', path, `${reader.how} of ${now.length} instead of ${before.length}`),
      );
    const edges = before.map((part, i) =>
      now.flatMap((other, j) => (this.#fits(other, part, `${path}/${writer.how}/${i}`) ? [j] : [])),
    );
    if (maximumMatching(edges, now.length) < Math.min(before.length, now.length))
      found.push(finding('COMBINED_TYPE_SUBSCHEMAS_CHANGED', path, `the parts of ${reader.how}`));
    return found;
  }
  /** Equal parts count once. */
  #distinct(parts: readonly Node[], side: 'reader' | 'writer'): Node[] {
    const seen = new Map<string, Node>();
    for (const part of parts) {
      const place = placeOf(part);
      const key = place === undefined ? `${side} ${seen.size}` : printSorted(place);
      if (!seen.has(key)) seen.set(key, part);
    }
    return [...seen.values()];
  }
  /** What the reader forbids, the writer must forbid too. */
  #not(reader: Located, writer: Located, path: string): Findings {
    const forbidden = new Comparison(this.#writer, this.#reader).schemas(writer, reader, `${path}/not`);
    return forbidden.length === 0 ? [] : [finding('NOT_TYPE_EXTENDED', `${path}/not`, 'more is forbidden')];
  }

  #typed(reader: TypedNode, writer: TypedNode, path: string): Findings {
    const [now, before] = [reader.type, writer.type];
    const found: Incompatibility[] = [];
    if (now === 'integer' && before === 'number')
      found.push(finding('TYPE_NARROWED', path, 'number to integer'));
    else if (now !== before && !(now === 'number' && before === 'integer'))
      return [finding('TYPE_CHANGED', path, `${before} to ${now}`)];
    found.push(
      ...compareBounds(reader.keywords, writer.keywords, path),
      ...compareStrings(reader.keywords, writer.keywords, path),
    );
    if (now === 'number' || now === 'integer')
      found.push(...compareSteps(reader.keywords, writer.keywords, path));
    if (now === 'object') found.push(...compareObjects(reader, writer, path, this));
    if (now === 'array') found.push(...compareArrays(reader, writer, path, this));
    return found;
  }
}
const placeOf = (node: Node): Json | undefined => (node.kind === 'schema' ? node.at.json : undefined);

/** Draft 4 says with true that a bound is itself out. */
function boundOf(keywords: JsonObject, name: string): number | undefined {
  if (name === 'maximum' && keywords.get('exclusiveMaximum') === true) return undefined;
  if (name === 'minimum' && keywords.get('exclusiveMinimum') === true) return undefined;
  if (keywords.get(name) === true)
    return numberAt(keywords, name === 'exclusiveMaximum' ? 'maximum' : 'minimum');
  return numberAt(keywords, name);
}
function compareBounds(reader: JsonObject, writer: JsonObject, path: string): Incompatibility[] {
  const rows = [
    ...Object.entries(bounds.maximum).map(([name, label]) => ({
      name,
      label,
      tighter: 'DECREASED' as const,
    })),
    ...Object.entries(bounds.minimum).map(([name, label]) => ({
      name,
      label,
      tighter: 'INCREASED' as const,
    })),
  ];
  return rows.flatMap(({ name, label, tighter }) => {
    const [now, before] = [boundOf(reader, name), boundOf(writer, name)];
    if (now === undefined) return [];
    if (before === undefined) return [boundFinding(label, 'ADDED', `${path}/${name}`, `${name} ${now}`)];
    const tightened = tighter === 'DECREASED' ? now < before : now > before;
    return tightened
      ? [boundFinding(label, tighter, `${path}/${name}`, `${name} ${now} instead of ${before}`)]
      : [];
  });
}
function compareStrings(reader: JsonObject, writer: JsonObject, path: string): Incompatibility[] {
  const [now, before] = [reader.get('pattern'), writer.get('pattern')];
  if (typeof now !== 'string' || now === before) return [];
  const rule = before === undefined ? 'PATTERN_ADDED' : 'PATTERN_CHANGED';
  return [finding(rule, `${path}/pattern`, `the pattern ${now}`)];
}
function compareSteps(reader: JsonObject, writer: JsonObject, path: string): Incompatibility[] {
  const [now, before] = [numberAt(reader, 'multipleOf'), numberAt(writer, 'multipleOf')];
  const at = `${path}/multipleOf`;
  if (now === undefined || now === before) return [];
  if (before === undefined) return [finding('MULTIPLE_OF_ADDED', at, `multipleOf ${now}`)];
  if (Number.isInteger(before / now)) return [];
  const rule = Number.isInteger(now / before) ? 'MULTIPLE_OF_EXPANDED' : 'MULTIPLE_OF_CHANGED';
  return [finding(rule, at, `multipleOf ${now} instead of ${before}`)];
}

/** Every reason why something right by the writer's schema may be wrong by the reader's; none when it cannot. */
export const jsonIncompatibilities = (reader: Documents, writer: Documents): Findings =>
  new Comparison(reader, writer).schemas(reader.root, writer.root, '#');
