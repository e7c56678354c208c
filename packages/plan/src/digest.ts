/* The one way in which the planner tells plans, expressions, types and windows apart: a text that two values share exactly
 * when they are the same data. Exact for all that a plan may hold: -0, NaN, infinities, bigint, undefined, bytes, maps. */

import { assert, BugError } from '#base';
import type { BoundTable } from './logical/table.ts';

/** The digest of plain data. A property that is undefined counts as one that is not there; the order of properties does
 *  not count, that of a Map's entries does. A table counts by its name, its connector and its options. */
export function digest(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'boolean':
    case 'undefined':
      return String(value);
    case 'object':
      return value === null ? 'null' : objectDigest(value);
    case 'symbol':
    case 'function':
      throw new BugError(`a plan holds plain data, not a ${typeof value}`);
  }
}

function objectDigest(value: object): string {
  if (Array.isArray(value)) return `[${value.map(digest).join(',')}]`;
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`;
  if (value instanceof Map)
    return `Map[${[...value].map(([k, v]) => `${digest(k)}:${digest(v)}`).join(',')}]`;
  assert(Object.getPrototypeOf(value) === Object.prototype, 'a plan holds plain data');
  const entries = Object.entries(isTable(value) ? tableIdentity(value) : value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${digest(v)}`).join(',')}}`;
}

const isTable = (value: object): value is BoundTable =>
  'kind' in value && value.kind === 'table' && 'connector' in value;

/** Options that a hint changed make it another table; where they were written does not. */
const tableIdentity = ({ path, connector, options }: BoundTable): object => ({
  kind: 'table',
  path,
  connector,
  options: options.map(({ key, value }) => [key, value]),
});

const isListOf = (value: unknown, things: ReadonlySet<unknown>): boolean =>
  Array.isArray(value) && value.length > 0 && value.every((v) => things.has(v));

/** Numbers things of a DAG so that equal ones get the same number, each looked at once. `inputsOf` gives what a thing holds
 *  of its own sort; those stand for their numbers in its digest, which so stays as short as the thing itself. */
export class Interner<T extends object> {
  readonly #inputsOf: (thing: T) => readonly T[];
  readonly #byThing = new Map<T, number>();
  readonly #byDigest = new Map<string, number>();

  constructor(inputsOf: (thing: T) => readonly T[]) {
    this.#inputsOf = inputsOf;
  }
  id(thing: T): number {
    const known = this.#byThing.get(thing);
    if (known !== undefined) return known;
    const inputs = this.#inputsOf(thing);
    const set = new Set<unknown>(inputs);
    const own = Object.entries(thing).filter(([, v]) => !set.has(v) && !isListOf(v, set));
    const text = `${inputs.map((i) => this.id(i)).join(',')}|${digest(Object.fromEntries(own))}`;
    const found = this.#byDigest.get(text) ?? this.#byDigest.size;
    this.#byDigest.set(text, found);
    this.#byThing.set(thing, found);
    return found;
  }
}
