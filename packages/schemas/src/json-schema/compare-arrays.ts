/* Arrays: one schema for all items, or one for each of the first and one for the rest. */

import type { Incompatibility } from '../compatibility/incompatibility.ts';
import { isArray, type Json } from '../json/value.ts';
import type { Comparer, TypedNode } from './comparer.ts';
import { finding } from './findings.ts';

interface Items {
  /** By place, from the first on. */
  readonly first: readonly Json[];
  /** Of the rest; undefined where it says nothing. */
  readonly rest: Json | undefined;
}
/** Drafts up to 2019-09 write `items` and `additionalItems`, 2020-12 `prefixItems` and `items`. */
function itemsOf({ keywords }: TypedNode): Items {
  const [prefix, items] = [keywords.get('prefixItems'), keywords.get('items')];
  const unevaluated = keywords.get('unevaluatedItems');
  if (isArray(prefix)) return { first: prefix, rest: items ?? unevaluated };
  if (isArray(items)) return { first: items, rest: keywords.get('additionalItems') ?? unevaluated };
  return { first: [], rest: items ?? unevaluated };
}

export function compareArrays(
  reader: TypedNode,
  writer: TypedNode,
  path: string,
  comparer: Comparer,
): Incompatibility[] {
  const [now, before] = [itemsOf(reader), itemsOf(writer)];
  const mine = (json: Json) => ({ json, base: reader.base });
  const theirs = (json: Json) => ({ json, base: writer.base });
  const found: Incompatibility[] = [];
  for (let i = 0; i < Math.max(now.first.length, before.first.length); i++) {
    const at = `${path}/items/${i}`;
    const about = `the item ${i}`;
    const [a, b] = [now.first[i], before.first[i]];
    if (a !== undefined && b !== undefined) found.push(...comparer.schemas(mine(a), theirs(b), at));
    else if (a !== undefined) {
      const open = before.rest === undefined || comparer.isAny(theirs(before.rest), 'writer');
      if (open && !comparer.isAny(mine(a), 'reader'))
        found.push(finding('ITEM_ADDED_TO_OPEN_CONTENT_MODEL', at, about));
      else if (!open && comparer.schemas(mine(a), theirs(before.rest!), at).length > 0)
        found.push(finding('ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL', at, about));
    } else {
      const open = now.rest === undefined || comparer.isAny(mine(now.rest), 'reader');
      const closed = !open && comparer.isNever(mine(now.rest!), 'reader');
      if (closed && !comparer.isNever(theirs(b!), 'writer'))
        found.push(finding('ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL', at, about));
      else if (!open && comparer.schemas(mine(now.rest!), theirs(b!), at).length > 0)
        found.push(finding('ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL', at, about));
    }
  }
  if (reader.keywords.get('uniqueItems') === true && writer.keywords.get('uniqueItems') !== true)
    found.push(finding('UNIQUE_ITEMS_ADDED', `${path}/uniqueItems`, 'uniqueItems'));
  return [...found, ...compareRest(reader, writer, path, comparer)];
}

function compareRest(
  reader: TypedNode,
  writer: TypedNode,
  path: string,
  comparer: Comparer,
): Incompatibility[] {
  const [now, before] = [itemsOf(reader), itemsOf(writer)];
  const [mine, theirs] = [now.rest, before.rest];
  const at = now.first.length > 0 || before.first.length > 0 ? `${path}/additionalItems` : `${path}/items`;
  const a = { json: mine ?? true, base: reader.base };
  const b = { json: theirs ?? true, base: writer.base };
  if (comparer.isAny(a, 'reader') || comparer.isNever(b, 'writer')) return [];
  if (comparer.isNever(a, 'reader')) return [finding('ADDITIONAL_ITEMS_REMOVED', at, 'no other items')];
  if (comparer.isAny(b, 'writer'))
    return [finding('ADDITIONAL_ITEMS_NARROWED', at, 'items of one schema alone')];
  return [...comparer.schemas(a, b, at)];
}
