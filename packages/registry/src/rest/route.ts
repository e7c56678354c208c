/* A route: a method, a path with parameters, and what answers it. */

import type { RegistryService } from '../service/registry-service.ts';
import { refuse } from '../errors.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What a route knows of its request. */
export class RestCall {
  readonly service: RegistryService;
  readonly query: URLSearchParams;
  /** Of POST and PUT: the JSON that came; undefined without a body. */
  readonly body: unknown;
  readonly #parameters: ReadonlyMap<string, string>;

  constructor(
    service: RegistryService,
    query: URLSearchParams,
    body: unknown,
    parameters: ReadonlyMap<string, string>,
  ) {
    this.service = service;
    this.query = query;
    this.body = body;
    this.#parameters = parameters;
  }
  parameter(name: string): string {
    return this.#parameters.get(name) ?? '';
  }
  flag(name: string): boolean {
    return this.query.get(name)?.toLowerCase() === 'true';
  }
  text(name: string): string {
    return this.query.get(name) ?? '';
  }
  /** Throws RegistryError 422 for what is no whole number. */
  number(name: string, otherwise: number): number {
    const given = this.query.get(name);
    if (given === null || given === '') return otherwise;
    if (!/^-?\d+$/.test(given))
      throw refuse.invalidRequest(`${name}: found "${given}", expected a whole number`);
    return Number(given);
  }
  /** A part of a list, by `offset` and `limit`; a limit below 0 is none. */
  page<T>(items: readonly T[]): readonly T[] {
    const [offset, limit] = [Math.max(0, this.number('offset', 0)), this.number('limit', -1)];
    return items.slice(offset, limit < 0 ? undefined : offset + limit);
  }
}

/** What goes back: a value that becomes JSON, or text as it is. */
export class PlainText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type Handler = (call: RestCall) => unknown;
export interface Route {
  readonly method: Method;
  /** Parts between slashes; `{name}` takes any one. */
  readonly path: string;
  readonly handle: Handler;
}

export type Found =
  | { readonly kind: 'route'; readonly route: Route; readonly parameters: ReadonlyMap<string, string> }
  | { readonly kind: 'no-path' }
  | { readonly kind: 'no-method'; readonly allowed: readonly Method[] };

function match(pattern: readonly string[], parts: readonly string[]): Map<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined;
  const parameters = new Map<string, string>();
  for (const [i, want] of pattern.entries()) {
    const name = /^\{(\w+)\}$/.exec(want)?.[1];
    if (name !== undefined) parameters.set(name, parts[i]!);
    else if (want !== parts[i]) return undefined;
  }
  return parameters;
}

/** Finds routes by method and path. Of two that fit, the one with a fixed part where the other has a parameter. */
export class Router {
  readonly #routes: readonly { readonly route: Route; readonly pattern: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes
      .map((route) => ({ route, pattern: route.path.split('/').slice(1) }))
      .sort((a, b) => count(a.pattern) - count(b.pattern));
  }
  /** `path`: percent-encoded, as it came; a slash at its end does not count. */
  find(method: string, path: string): Found {
    const parts = path
      .replace(/(?<=.)\/$/, '')
      .split('/')
      .slice(1)
      .map(decoded);
    const fitting = this.#routes.flatMap(({ route, pattern }) => {
      const parameters = match(pattern, parts);
      return parameters === undefined ? [] : [{ route, parameters }];
    });
    const found = fitting.find(({ route }) => route.method === method);
    if (found !== undefined) return { kind: 'route', ...found };
    if (fitting.length === 0) return { kind: 'no-path' };
    return { kind: 'no-method', allowed: fitting.map(({ route }) => route.method) };
  }
}
const count = (pattern: readonly string[]): number => pattern.filter((part) => part.startsWith('{')).length;
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
