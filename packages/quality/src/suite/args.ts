/* The arguments of expectations: what kind each is, and what is wrong with one that is not. */

import { nearest, UserError } from '#base';
import type { Cell } from '../cell.ts';

export interface Arg<T> {
  /** For messages: 'a number'. */
  readonly expected: string;
  /** Without: it must be given. */
  readonly otherwise?: { readonly value: T };
  /** undefined for what is not of this kind. */
  read(value: unknown): T | undefined;
}
export type ArgSpecs = Readonly<Record<string, Arg<unknown>>>;
export type ArgsOf<S extends ArgSpecs> = {
  readonly [K in keyof S]: S[K] extends Arg<infer T> ? T : never;
};

const arg = <T>(expected: string, read: (value: unknown) => T | undefined): Arg<T> => ({ expected, read });

/** May be left out, or be null. */
export function optional<T>(spec: Arg<T>): Arg<T | undefined>;
export function optional<T>(spec: Arg<T>, value: NoInfer<T>): Arg<T>;
export function optional<T>(spec: Arg<T>, value?: T): Arg<T | undefined> {
  return { ...spec, otherwise: { value } };
}
export const text = arg('text', (v) => (typeof v === 'string' ? v : undefined));
export const column = arg('the name of a column', (v) => (typeof v === 'string' && v !== '' ? v : undefined));
export const columnList = arg('a list of at least one column', (v) =>
  Array.isArray(v) && v.length > 0 && v.every((c) => typeof c === 'string')
    ? (v as readonly string[])
    : undefined,
);
export const columnNames = arg('a list of columns', (v) =>
  Array.isArray(v) && v.every((c) => typeof c === 'string') ? (v as readonly string[]) : undefined,
);
export const texts = arg('a list of texts, at least one', (v) =>
  Array.isArray(v) && v.length > 0 && v.every((c) => typeof c === 'string')
    ? (v as readonly string[])
    : undefined,
);
export const number = arg('a number', (v) => (typeof v === 'number' && Number.isFinite(v) ? v : undefined));
export const count = arg('a whole number from 0', (v) =>
  typeof v === 'number' && Number.isSafeInteger(v) && v >= 0 ? v : undefined,
);
export const share = arg('a number from 0 to 1', (v) =>
  typeof v === 'number' && v >= 0 && v <= 1 ? v : undefined,
);
export const flag = arg('true or false', (v) => (typeof v === 'boolean' ? v : undefined));
/** A number, or text: a date, a time. */
export const bound = arg('a number, or text such as a date', (v): Cell | undefined =>
  (typeof v === 'number' && !Number.isNaN(v)) || typeof v === 'string' || typeof v === 'bigint'
    ? v
    : undefined,
);
const isPlain = (v: unknown): v is Cell =>
  v === null || ['string', 'number', 'boolean', 'bigint'].includes(typeof v);
export const values = arg('a list of values', (v) =>
  Array.isArray(v) && v.every(isPlain) ? (v as readonly Cell[]) : undefined,
);
export const pairs = arg('a list of pairs of values', (v) =>
  Array.isArray(v) && v.every((p) => Array.isArray(p) && p.length === 2 && p.every(isPlain))
    ? (v as readonly (readonly [Cell, Cell])[])
    : undefined,
);
export const object = arg('an object', (v) =>
  typeof v === 'object' && v !== null && !Array.isArray(v)
    ? (v as Readonly<Record<string, unknown>>)
    : undefined,
);
export const oneOf = <const V extends string>(...words: readonly V[]): Arg<V> =>
  arg(`one of ${words.join(', ')}`, (v) => words.find((w) => w === v));

/** Arguments as an expectation declares them. Throws QLT1006 for one that is missing, wrong or not known. */
export function readArgs(
  given: Readonly<Record<string, unknown>>,
  specs: ArgSpecs,
  owner: string,
): Record<string, unknown> {
  const known = Object.keys(specs);
  for (const name of Object.keys(given)) {
    if (known.includes(name)) continue;
    const meant = nearest(name, known);
    throw new UserError('QLT1006', {
      message: `${owner} has no argument "${name}"`,
      hint: meant === undefined ? `It takes: ${known.join(', ')}.` : `Did you mean "${meant}"?`,
    });
  }
  return Object.fromEntries(
    Object.entries(specs).map(([name, spec]) => {
      const value = given[name] ?? undefined;
      if (value === undefined) {
        if (spec.otherwise !== undefined) return [name, spec.otherwise.value];
        throw new UserError('QLT1006', {
          message: `${owner}: the argument "${name}" is missing, expected ${spec.expected}`,
        });
      }
      const read = spec.read(value);
      if (read === undefined)
        throw new UserError('QLT1006', {
          message: `${owner}: "${name}" is ${JSON.stringify(value)}, expected ${spec.expected}`,
        });
      return [name, read];
    }),
  );
}
