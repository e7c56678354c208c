/* Finds what a $ref means: in the schema itself, or in those that it refers to by the names of their references. */

import { UserError } from '#base';
import { parseJson } from '../json/parse.ts';
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import type { ReferencedSchema } from '../parsed-schema.ts';
import { checkJsonSchema } from './check.ts';

/** A schema and the URI that $refs in it are relative to. */
export interface Located {
  readonly json: Json;
  readonly base: string;
}
const withoutFragment = (uri: string): string => uri.split('#', 1)[0]!;
const isMetaSchema = (uri: string): boolean =>
  /^https?:\/\/json-schema\.org\/(draft-0\d|draft\/\d{4}-\d\d)\//.test(uri);

/** `uri` as it is meant in a schema with this base. */
export function resolveUri(base: string, uri: string): string {
  if (URL.canParse(base)) return URL.parse(uri, base)?.href ?? uri;
  if (URL.canParse(uri)) return uri;
  if (uri.startsWith('#')) return `${withoutFragment(base)}${uri}`;
  // Neither is absolute: as file names beside each other.
  return `${base.slice(0, base.lastIndexOf('/') + 1)}${uri}`;
}

export class Documents {
  /** Whole documents, parts with an $id, and parts with an anchor, by URI. */
  readonly #byUri = new Map<string, Located>();
  readonly root: Located;

  /** Throws SCH1001 and SCH1004. */
  constructor(json: Json, references: readonly ReferencedSchema[]) {
    for (const { name, text } of references) this.#add(parseJson(text), name);
    this.root = this.#add(json, '');
  }
  #add(json: Json, name: string): Located {
    const own =
      isObject(json) && typeof json.get('$id') === 'string' ? (json.get('$id') as string) : undefined;
    const located: Located = { json, base: own === undefined ? name : resolveUri(name, own) };
    this.#byUri.set(name, located);
    this.#byUri.set(withoutFragment(located.base), located);
    checkJsonSchema(json, (schema) => this.#addPart(schema, located.base));
    return located;
  }
  #addPart(schema: JsonObject, base: string): void {
    const id = schema.get('$id');
    const anchor = schema.get('$anchor');
    if (typeof id === 'string' && id !== '#') {
      const uri = resolveUri(base, id);
      const located = { json: schema, base: uri };
      if (!this.#byUri.has(withoutFragment(uri)) || id.startsWith('#')) this.#byUri.set(uri, located);
    }
    if (typeof anchor === 'string')
      this.#byUri.set(`${withoutFragment(base)}#${anchor}`, { json: schema, base });
  }

  /** Throws SCH1005 for a $ref that leads nowhere. */
  follow(ref: string, base: string): Located {
    const uri = resolveUri(base, ref);
    const [document, fragment] = [withoutFragment(uri), uri.slice(withoutFragment(uri).length + 1)];
    const whole = this.#byUri.get(uri);
    if (whole !== undefined) return whole;
    const found = this.#byUri.get(document) ?? this.#byUri.get(withoutFragment(ref));
    if (found === undefined) {
      if (isMetaSchema(uri)) return { json: true, base: uri };
      throw new UserError('SCH1005', {
        message: `the $ref "${ref}" is not among the references`,
        hint: `Register that schema under a subject of its own, and refer to it: {"name": ${JSON.stringify(withoutFragment(ref))}, "subject": …, "version": …}`,
      });
    }
    if (fragment === '') return found;
    const json = fragment.startsWith('/') ? pointed(found.json, fragment) : undefined;
    if (json === undefined) throw new UserError('SCH1005', { message: `the $ref "${ref}" leads nowhere` });
    return { json, base: found.base };
  }
}

/** RFC 6901, percent-encoded as in a fragment. */
function pointed(json: Json, pointer: string): Json | undefined {
  let at: Json | undefined = json;
  for (const part of pointer.slice(1).split('/')) {
    let name = part;
    try {
      name = decodeURIComponent(part);
    } catch {
      // Taken as it stands.
    }
    name = name.replaceAll('~1', '/').replaceAll('~0', '~');
    at = isObject(at) ? at.get(name) : isArray(at) ? at[Number(name)] : undefined;
  }
  return at;
}
