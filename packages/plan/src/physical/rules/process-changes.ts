/* What the readers of a process table function need of its changes, and whether it gives that. */

import { UserError } from '#base';
import { changelogText, type ChangelogMode } from '#catalog';
import { userProcess } from '#expr';
import { topological, type PlanNode } from '../node.ts';
import type { ProcessNode } from '../nodes/process.ts';
import { givenChanges, neededUpdateBefore } from '../traits/changes.ts';
import { readKeyOnly } from '../traits/deletes.ts';

/** Throws PLAN2016 where a function gives +U alone, or deletes that are keys alone, and a reader needs more. `rootsNeed`: whoever
 *  reads the roots needs -U. */
export function requireReadableChanges(roots: readonly PlanNode[], rootsNeed: boolean): void {
  const functions = topological(roots).filter((node) => node.kind === 'process');
  if (functions.length === 0) return;
  const needs = neededUpdateBefore(roots, rootsNeed);
  const given = givenChanges(roots, needs);
  const keyOnly = readKeyOnly(roots, true);
  for (const node of functions) {
    const mode = given.get(node)!;
    if (needs.get(node)! && mode.updateAfter && !mode.updateBefore)
      throw unreadable(node, mode, 'an update as -U and +U', "It may give '-U' where `required` has it.");
    if (mode.delete && mode.keyOnlyDelete && !keyOnly.has(node))
      throw unreadable(
        node,
        mode,
        'a deleted row with all its columns',
        'It may leave keyOnlyDeletes out where `required` does.',
      );
  }
}
const unreadable = (node: ProcessNode, mode: ChangelogMode, needed: string, hint: string): UserError =>
  new UserError('PLAN2016', {
    message: `The process table function "${userProcess(node.fn).title}" gives ${changelogText(mode)}, and what reads it needs ${needed}`,
    hint: `Its changelogMode may be a function of what is asked for. ${hint} Or write the result into a table by the columns of PARTITION BY.`,
  });
