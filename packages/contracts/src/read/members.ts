/* Members of a map of a contract, each read as what it should be. */

import { nearest } from '#base';
import type { YamlDocument } from './document.ts';

export type Path = readonly (string | number)[];

export class Members {
  readonly document: YamlDocument;
  readonly path: Path;
  readonly #map: Readonly<Record<string, unknown>>;

  /** Throws CON1002 when it is no map. */
  constructor(document: YamlDocument, path: Path, value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw document.wrong(path, `it is ${describe(value)}, expected a map`);
    this.document = document;
    this.path = path;
    this.#map = value as Record<string, unknown>;
  }
  get keys(): string[] {
    return Object.keys(this.#map);
  }
  /** Refuses members that are none of these. */
  only(known: readonly string[]): void {
    for (const key of this.keys) {
      if (known.includes(key)) continue;
      const meant = nearest(key, known);
      throw this.wrong(
        key,
        'is not known',
        meant === undefined ? `There are: ${known.join(', ')}.` : `Did you mean "${meant}"?`,
      );
    }
  }
  wrong(key: string, problem: string, hint?: string): Error {
    return this.document.wrong([...this.path, key], problem, hint);
  }
  raw(key: string): unknown {
    return this.#map[key] ?? undefined;
  }
  text(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === 'string') return value;
    // A version 1.0 is a number to YAML.
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw this.wrong(key, `is ${describe(value)}, expected text`);
  }
  number(key: string): number | undefined {
    const value = this.raw(key);
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
    throw this.wrong(key, `is ${describe(value)}, expected a number`);
  }
  flag(key: string): boolean | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.wrong(key, `is ${describe(value)}, expected true or false`);
  }
  bound(key: string): number | string | undefined {
    const value = this.raw(key);
    if (value === undefined || typeof value === 'number' || typeof value === 'string') return value;
    throw this.wrong(key, `is ${describe(value)}, expected a number, or text such as a date`);
  }
  list(key: string): readonly unknown[] | undefined {
    const value = this.raw(key);
    if (value === undefined || Array.isArray(value)) return value;
    throw this.wrong(key, `is ${describe(value)}, expected a list`);
  }
  map(key: string): Members | undefined {
    const value = this.raw(key);
    return value === undefined ? undefined : new Members(this.document, [...this.path, key], value);
  }
  maps(key: string): readonly Members[] | undefined {
    return this.list(key)?.map((item, i) => new Members(this.document, [...this.path, key, i], item));
  }
}
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : JSON.stringify(value);
}
