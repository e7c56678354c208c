/* Which tables a process table function may take, alone and beside others. */

import type { UserError } from '#base';
import type { ProcessTable } from '#expr';
import type { ProcessFunctionDefinition } from './process-definition.ts';

/** Each is an input of its operator, with buffers of its own (Flink's bound). */
const tablesMax = 20;

type Wrong = (message: string) => UserError;

/** `wrong`: what is wrong with the function, as an error. */
export function checkTables(
  tables: readonly ProcessTable[],
  definition: ProcessFunctionDefinition,
  wrong: Wrong,
): void {
  if (tables.length === 0) throw wrong('has no table among its args');
  if (tables.length > tablesMax)
    throw wrong(`has ${tables.length} tables among its args: at most ${tablesMax}`);
  for (const table of tables) checkTable(table, definition, wrong);
  if (tables.length === 1) return;
  const byRow = tables.find((table) => table.semantics === 'row');
  if (byRow !== undefined)
    throw wrong(
      `has several tables, and "${byRow.name}" is none with table: 'set': all must use set semantics`,
    );
  const passing = tables.find((table) => table.passesColumns);
  if (passing !== undefined)
    throw wrong(`has several tables, so the columns of "${passing.name}" cannot pass through`);
}

function checkTable(table: ProcessTable, definition: ProcessFunctionDefinition, wrong: Wrong): void {
  const { name, semantics, passesColumns, supportsUpdates } = table;
  const hasTimers = definition.onTimer !== undefined;
  const hasState = Object.keys(definition.state ?? {}).length > 0;
  if (semantics === 'row' && (hasTimers || hasState))
    throw wrong(
      `takes each row by itself, so it has no ${hasTimers ? 'timers' : 'state'}: declare table: 'set'`,
    );
  if (hasTimers && passesColumns)
    throw wrong('passes columns through, so it has no timers: leave onTimer or passColumnsThrough out');
  if (passesColumns && (supportsUpdates || definition.changelogMode !== undefined))
    throw wrong(
      `passes columns through, so it ${supportsUpdates ? 'takes' : 'gives'} rows that only come: leave ${supportsUpdates ? 'supportUpdates' : 'changelogMode'} or passColumnsThrough out`,
    );
  const beside = table.requiresUpdateBefore ? 'requireUpdateBefore' : 'requireFullDelete';
  if (!supportsUpdates && (table.requiresUpdateBefore || table.requiresFullDelete))
    throw wrong(`has ${beside} for "${name}", which takes no updates: add supportUpdates: true`);
}
