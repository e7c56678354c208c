/* Properties by a pattern of their names: patterns that were added hold for what was written before, those that were
 * removed leave it to what holds for all the rest. */

import type { Incompatibility } from '../compatibility/incompatibility.ts';
import type { Json } from '../json/value.ts';
import { patternOf } from './check.ts';
import type { Comparer, TypedNode } from './comparer.ts';
import { finding } from './findings.ts';
import { objectAt } from './node.ts';

/** What it says of properties that neither it nor a pattern names: undefined where it says nothing. */
export const restOf = ({ keywords }: TypedNode): Json | undefined =>
  keywords.get('additionalProperties') ?? keywords.get('unevaluatedProperties');

export function comparePatterns(
  reader: TypedNode,
  writer: TypedNode,
  path: string,
  comparer: Comparer,
): Incompatibility[] {
  const [now, before] = [
    objectAt(reader.keywords, 'patternProperties'),
    objectAt(writer.keywords, 'patternProperties'),
  ];
  const found: Incompatibility[] = [];
  for (const [pattern, mine] of now) {
    const at = `${path}/patternProperties/${pattern}`;
    const schema = { json: mine, base: reader.base };
    const theirs = before.get(pattern);
    if (theirs === undefined) found.push(...addedPattern(writer, schema, pattern, at, comparer));
    else found.push(...comparer.schemas(schema, { json: theirs, base: writer.base }, at));
    // A property that has a name of its own there is held to the pattern here.
    for (const [name, named] of objectAt(writer.keywords, 'properties'))
      if (patternOf(pattern)?.test(name))
        found.push(
          ...comparer.schemas(schema, { json: named, base: writer.base }, `${path}/properties/${name}`),
        );
  }
  for (const [pattern, theirs] of before)
    if (!now.has(pattern))
      found.push(
        ...removedPattern(
          reader,
          { json: theirs, base: writer.base },
          `${path}/patternProperties/${pattern}`,
          comparer,
        ),
      );
  return found;
}
type Place = Parameters<Comparer['schemas']>[0];

function addedPattern(
  writer: TypedNode,
  mine: Place,
  pattern: string,
  at: string,
  comparer: Comparer,
): Incompatibility[] {
  if (comparer.isAny(mine, 'reader')) return [];
  const rest = { json: restOf(writer) ?? true, base: writer.base };
  const about = `what '${pattern}' matches`;
  if (comparer.isNever(rest, 'writer')) return [];
  if (comparer.isAny(rest, 'writer')) return [finding('PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL', at, about)];
  const inside = comparer.schemas(mine, rest, at);
  return inside.length === 0
    ? []
    : [...inside, finding('PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL', at, about)];
}
function removedPattern(reader: TypedNode, theirs: Place, at: string, comparer: Comparer): Incompatibility[] {
  const rest = { json: restOf(reader) ?? true, base: reader.base };
  const about = 'what the pattern matches';
  if (comparer.isAny(rest, 'reader') || comparer.isNever(theirs, 'writer')) return [];
  if (comparer.isNever(rest, 'reader'))
    return [finding('PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL', at, about)];
  const inside = comparer.schemas(rest, theirs, at);
  return inside.length === 0
    ? []
    : [...inside, finding('PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL', at, about)];
}
