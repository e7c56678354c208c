/* The one table of functions. Adding a function touches its family's file only. */

import { BugError } from '#base';
import type { CallExpr } from '../expression.ts';
import { arithmetic } from './arithmetic.ts';
import { collections } from './collection.ts';
import { comparison } from './comparison.ts';
import { conditional } from './conditional.ts';
import { conversion } from './conversion.ts';
import { logic } from './logic.ts';
import { jsons } from './json.ts';
import { hashes } from './hash.ts';
import { numbers } from './numeric.ts';
import { regexes } from './regex.ts';
import { strings } from './string.ts';
import { temporals } from './temporal.ts';
import { temporalOperators } from './temporal-arithmetic.ts';
import { temporalRoundings } from './temporal-rounding.ts';
import { temporalTexts } from './temporal-text.ts';
import type { FunctionEntry } from './entry.ts';

const families: readonly (readonly FunctionEntry[])[] = [
  comparison, logic, arithmetic, numbers, strings, regexes, temporals, temporalOperators, temporalRoundings,
  temporalTexts, conditional, conversion, jsons,
  collections, hashes,
];

let table: Map<string, FunctionEntry> | undefined;

function functionTable(): Map<string, FunctionEntry> {
  if (table !== undefined) return table;
  table = new Map();
  for (const entry of families.flat()) {
    for (const name of [entry.name, ...(entry.aliases ?? [])]) {
      if (table.has(name)) throw new BugError(`two functions named ${name}`);
      table.set(name, entry);
    }
  }
  return table;
}

/** The function of a name or alias, in any case. */
export const lookupFunction = (name: string): FunctionEntry | undefined => functionTable().get(name.toUpperCase());

/** Every function once, in the order of families. */
export const allFunctions = (): readonly FunctionEntry[] => families.flat();

/** Names and aliases. */
export const functionNames = (): Iterable<string> => functionTable().keys();

/** The function of a bound call. */
export function functionOf(call: CallExpr): FunctionEntry {
  const entry = functionTable().get(call.fn);
  if (entry === undefined) throw new BugError(`a bound call of an unknown function ${call.fn}`);
  return entry;
}
