/* Objects: properties that were added, removed or changed, what is required, and what may be there besides. */

import type { Incompatibility } from '../compatibility/incompatibility.ts';
import { isArray, isObject, type Json } from '../json/value.ts';
import { patternOf } from './check.ts';
import type { Comparer, Side, TypedNode } from './comparer.ts';
import type { Located } from './documents.ts';
import { comparePatterns, restOf } from './compare-patterns.ts';
import { finding } from './findings.ts';
import { namesAt, objectAt } from './node.ts';

const located = ({ base }: TypedNode, json: Json): Located => ({ json, base });
const hasDefault = (json: Json | undefined): boolean => isObject(json) && json.has('default');

/** A property of this name may be there with any value, though nothing names it. */
function isOpen(node: TypedNode, name: string, side: Side, comparer: Comparer): boolean {
  const rest = restOf(node);
  const free = rest === undefined || comparer.isAny(located(node, rest), side);
  return free && !isMatched(node, name);
}
const isMatched = ({ keywords }: TypedNode, name: string): boolean =>
  [...objectAt(keywords, 'patternProperties').keys()].some((pattern) => patternOf(pattern)?.test(name));
/** What a property that is not named must be: by a pattern of its name, else as all the rest. Undefined where there is none
 *  allowed, or nothing said. */
function coverOf(node: TypedNode, name: string, side: Side, comparer: Comparer): Located | undefined {
  for (const [pattern, schema] of objectAt(node.keywords, 'patternProperties'))
    if (patternOf(pattern)?.test(name)) return located(node, schema);
  const rest = restOf(node);
  return rest === undefined || comparer.isNever(located(node, rest), side) ? undefined : located(node, rest);
}

export function compareObjects(
  reader: TypedNode,
  writer: TypedNode,
  path: string,
  comparer: Comparer,
): Incompatibility[] {
  const [now, before] = [objectAt(reader.keywords, 'properties'), objectAt(writer.keywords, 'properties')];
  const found: Incompatibility[] = [];
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    const at = `${path}/properties/${name}`;
    const [mine, theirs] = [now.get(name), before.get(name)];
    if (mine === undefined) found.push(...removed(reader, located(writer, theirs!), name, at, comparer));
    else if (theirs === undefined) found.push(...added(writer, reader, mine, name, at, comparer));
    else found.push(...comparer.schemas(located(reader, mine), located(writer, theirs), at));
  }
  return [
    ...compareRequired(reader, writer, path),
    ...found,
    ...comparePatterns(reader, writer, path, comparer),
    ...compareDependencies(reader, writer, path, comparer),
    ...compareRest(reader, writer, path, comparer),
  ];
}

function removed(
  reader: TypedNode,
  theirs: Located,
  name: string,
  at: string,
  comparer: Comparer,
): Incompatibility[] {
  if (isOpen(reader, name, 'reader', comparer)) return [];
  const cover = coverOf(reader, name, 'reader', comparer);
  const about = `the property '${name}'`;
  if (cover !== undefined) {
    const inside = comparer.schemas(cover, theirs, at);
    return inside.length === 0
      ? []
      : [...inside, finding('PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL', at, about)];
  }
  return comparer.isNever(theirs, 'writer')
    ? []
    : [finding('PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL', at, about)];
}
function added(
  writer: TypedNode,
  reader: TypedNode,
  mine: Json,
  name: string,
  at: string,
  comparer: Comparer,
): Incompatibility[] {
  const about = `the property '${name}'`;
  if (isOpen(writer, name, 'writer', comparer))
    return comparer.isAny(located(reader, mine), 'reader')
      ? []
      : [finding('PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL', at, about)];
  const cover = coverOf(writer, name, 'writer', comparer);
  const inside = cover === undefined ? [] : comparer.schemas(located(reader, mine), cover, at);
  const mustBeThere = namesAt(reader.keywords, 'required').has(name) && !hasDefault(mine);
  return [
    ...inside,
    ...(inside.length === 0
      ? []
      : [finding('PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL', at, about)]),
    ...(mustBeThere ? [finding('REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL', at, about)] : []),
  ];
}
/** Of properties that both name, and of those that neither does. */
function compareRequired(reader: TypedNode, writer: TypedNode, path: string): Incompatibility[] {
  const [now, before] = [namesAt(reader.keywords, 'required'), namesAt(writer.keywords, 'required')];
  const [mine, theirs] = [objectAt(reader.keywords, 'properties'), objectAt(writer.keywords, 'properties')];
  return [...now]
    .filter((name) => !before.has(name) && mine.has(name) === theirs.has(name) && !hasDefault(mine.get(name)))
    .map((name) => finding('REQUIRED_ATTRIBUTE_ADDED', `${path}/required/${name}`, `the property '${name}'`));
}
function compareRest(
  reader: TypedNode,
  writer: TypedNode,
  path: string,
  comparer: Comparer,
): Incompatibility[] {
  const at = `${path}/additionalProperties`;
  const [now, before] = [restOf(reader), restOf(writer)];
  if (now === undefined || comparer.isAny(located(reader, now), 'reader')) return [];
  const closed = comparer.isNever(located(reader, now), 'reader');
  const wasClosed = before !== undefined && comparer.isNever(located(writer, before), 'writer');
  if (closed) return wasClosed ? [] : [finding('ADDITIONAL_PROPERTIES_REMOVED', at, 'no other properties')];
  if (wasClosed) return [];
  if (before === undefined || comparer.isAny(located(writer, before), 'writer'))
    return [finding('ADDITIONAL_PROPERTIES_NARROWED', at, 'other properties of one schema alone')];
  return [...comparer.schemas(located(reader, now), located(writer, before), at)];
}

/** By the property that asks for them: names, or a schema. */
function dependenciesOf({ keywords }: TypedNode): Map<string, Json> {
  return new Map([
    ...objectAt(keywords, 'dependencies'),
    ...objectAt(keywords, 'dependentRequired'),
    ...objectAt(keywords, 'dependentSchemas'),
  ]);
}
function compareDependencies(
  reader: TypedNode,
  writer: TypedNode,
  path: string,
  comparer: Comparer,
): Incompatibility[] {
  const before = dependenciesOf(writer);
  return [...dependenciesOf(reader)].flatMap(([name, mine]) => {
    const at = `${path}/dependencies/${name}`;
    const theirs = before.get(name);
    const about = `what '${name}' asks for`;
    if (!isArray(mine)) {
      if (theirs === undefined || isArray(theirs)) return [finding('DEPENDENCY_SCHEMA_ADDED', at, about)];
      return comparer.schemas(located(reader, mine), located(writer, theirs), at);
    }
    if (!isArray(theirs)) return [finding('DEPENDENCY_ARRAY_ADDED', at, about)];
    if (mine.every((item) => theirs.includes(item))) return [];
    const more = theirs.every((item) => mine.includes(item));
    return [finding(more ? 'DEPENDENCY_ARRAY_EXTENDED' : 'DEPENDENCY_ARRAY_CHANGED', at, about)];
  });
}
