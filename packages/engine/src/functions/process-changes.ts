/* Kinds of change as the program of a process table function names them. */

import type { ProcessChanges as Changes } from '#expr';
import type {
  ProcessChangelogMode,
  ProcessChangelogAsked,
  ProcessChanges,
  ProcessRowKind,
} from './process-definition.ts';

/** In the order of their numbers. */
export const rowKinds: readonly ProcessRowKind[] = ['+I', '-U', '+U', '-D'];
const names = ['insert', 'updateBefore', 'updateAfter', 'delete'] as const;

export const kindsOf = (changes: Changes): ProcessRowKind[] => rowKinds.filter((_, i) => changes[names[i]!]);
export const toProgram = (changes: Changes): ProcessChanges => ({
  kinds: kindsOf(changes),
  keyOnlyDeletes: changes.keyOnlyDelete,
});

/** What a function says that it gives. Throws by `wrong` what no table can have. */
export function fromProgram(mode: ProcessChangelogMode, wrong: (message: string) => Error): Changes {
  const given = Array.isArray(mode)
    ? { kinds: mode as readonly ProcessRowKind[] }
    : (mode as Partial<ProcessChanges>);
  const { kinds, keyOnlyDeletes = false } = given;
  if (!Array.isArray(kinds)) throw wrong('has a changelogMode without kinds');
  const strange = kinds.find((kind) => !rowKinds.includes(kind));
  if (strange !== undefined)
    throw wrong(`has '${String(strange)}' in its changelogMode: expected ${rowKinds.join(', ')}`);
  const [insert, updateBefore, updateAfter, del] = rowKinds.map((kind) => kinds.includes(kind));
  if (!insert) throw wrong("has a changelogMode without '+I': then there are no rows");
  if (updateBefore! && !updateAfter) throw wrong("has '-U' without '+U' in its changelogMode");
  if (keyOnlyDeletes && !del) throw wrong("has keyOnlyDeletes without '-D' in its changelogMode");
  return {
    insert,
    updateBefore: updateBefore!,
    updateAfter: updateAfter!,
    delete: del!,
    keyOnlyDelete: keyOnlyDeletes,
  };
}

/** By the names of the function's tables. */
export const askedOf = (
  names: readonly string[],
  tables: readonly Changes[],
  required: Changes,
): ProcessChangelogAsked => ({
  tables: Object.fromEntries(names.map((name, i) => [name, toProgram(tables[i]!)])),
  required: toProgram(required),
});
