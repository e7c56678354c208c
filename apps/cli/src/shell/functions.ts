/* Every function that can be called, with what it takes: scalar functions, aggregates, windows. */

import { aggregateFunctions, allFunctions, overFunctions } from '#expr';
import { changelogFunctionDocs, groupingFunctionDocs, modelFunctionDocs, windowFunctionDocs } from '#plan';

export interface Callable {
  readonly name: string;
  /** Its forms, as they are written. */
  readonly takes: readonly string[];
  readonly doc: string;
}

/** By name. Operators are none of them. */
export function callables(): readonly Callable[] {
  const scalars = [...allFunctions()].flatMap((f) =>
    [f.name, ...(f.aliases ?? [])].map((name) => ({
      name,
      takes: f.takes.map((t) => t.replace(f.name, name)),
      doc: f.doc,
    })),
  );
  const aggregates = aggregateFunctions.flatMap((f) =>
    [f.name, ...(f.aliases ?? [])].map((name) => ({ name, takes: [`${name}(${f.takes})`], doc: f.doc })),
  );
  return [
    ...scalars,
    ...aggregates,
    ...overFunctions,
    ...windowFunctionDocs,
    ...groupingFunctionDocs,
    ...changelogFunctionDocs,
    ...modelFunctionDocs,
  ]
    .filter((f) => /^[A-Z]\w*$/.test(f.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
