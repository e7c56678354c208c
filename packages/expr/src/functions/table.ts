/* The one table of functions by name. `functions/index.ts` fills it when the package loads; everything else asks here,
 * so that a family may bind calls of other families without importing them. */

import { BugError } from '#base';
import type { CallExpr } from '../expression.ts';
import type { FunctionEntry } from './entry.ts';

const entries: FunctionEntry[] = [];
const byName = new Map<string, FunctionEntry>();

/** Adds a family; a name may be taken once. */
export function addFunctions(family: readonly FunctionEntry[]): void {
  for (const entry of family) {
    entries.push(entry);
    for (const name of [entry.name, ...(entry.aliases ?? [])]) {
      if (byName.has(name)) throw new BugError(`two functions named ${name}`);
      byName.set(name, entry);
    }
  }
}

/** The function of a name or alias, in any case. */
export const lookupFunction = (name: string): FunctionEntry | undefined => byName.get(name.toUpperCase());

/** Every function once, in the order of families. */
export const allFunctions = (): readonly FunctionEntry[] => entries;

/** Names and aliases. */
export const functionNames = (): Iterable<string> => byName.keys();

/** The function of a bound call. */
export function functionOf(call: CallExpr): FunctionEntry {
  const entry = byName.get(call.fn);
  if (entry === undefined) throw new BugError(`a bound call of an unknown function ${call.fn}`);
  return entry;
}
