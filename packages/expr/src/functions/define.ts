/* The usual form of a function: signatures, a body, a line of documentation, examples as literal calls. */

import type { Value } from '#data';
import { bindCall } from '../bind/bind-call.ts';
import type { Expr } from '../expression.ts';
import type { CallOptions, Example, Family, FunctionEntry } from './entry.ts';
import { signatures, type Signature } from './parameters.ts';

/** [SQL text, the arguments of the same call, its value], and the call's options where it has some. */
export type Sample = readonly [sql: string, args: readonly Expr[], result: Value, options?: CallOptions];

export interface Definition
  extends Pick<FunctionEntry, 'body' | 'doc'>,
    Partial<Pick<FunctionEntry, 'aliases' | 'compile' | 'strict' | 'deterministic' | 'constant' | 'flags'>> {
  readonly takes: readonly Signature[];
  readonly samples: readonly Sample[];
}

export function define(family: Family, name: string, definition: Definition): FunctionEntry {
  const { takes, samples, ...rest } = definition;
  return { name, family, ...signatures(name, ...takes), ...rest, examples: samplesOf(name, samples) };
}

export function samplesOf(name: string, samples: readonly Sample[]): readonly Example[] {
  return samples.map(([sql, args, result, options]) => ({
    sql,
    call: () => bindCall(name, args, options),
    result,
  }));
}
