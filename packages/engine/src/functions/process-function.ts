/* Process table functions of the program in SQL: what they declare, checked and bound. */

import { UserError } from '#base';
import type { Field, LogicalType } from '#data';
import {
  addUserProcess,
  processTables,
  type ProcessArgument,
  type ProcessTable,
  type UserProcess,
} from '#expr';
import { bindType } from '#plan';
import { parseDataType } from '#sql';
import { ProcessFunctionCalls } from './process-calls.ts';
import { askedOf, fromProgram } from './process-changes.ts';
import type { ProcessArgumentDefinition, ProcessFunctionDefinition } from './process-definition.ts';
import { statesOf } from './process-declared-state.ts';
import { checkTables } from './process-declared-tables.ts';

const shape =
  "It has args: [{ name: 'input', table: 'set' }, { name: 'bound', type: 'INT' }], returns, eval, and for partitions state and onTimer.";

/** Defines the function and returns its name within. Throws UserError for what is wrong with it. */
export function defineProcess(name: string, definition: ProcessFunctionDefinition): string {
  const wrong = (message: string, hint = shape): UserError =>
    new UserError('LIB2005', { message: `the process table function "${name}" ${message}`, hint });
  const args = definition.args.map(argumentOf);
  checkTables(processTables({ args }), definition, wrong);
  const names = args.map((a) => a.name);
  const reserved = names.find((n, i) => ['uid', 'on_time'].includes(n) || names.indexOf(n) !== i);
  if (reserved !== undefined)
    throw wrong(
      `declares "${reserved}" ${names.filter((n) => n === reserved).length > 1 ? 'twice' : 'itself, which every such function has'}`,
    );
  const states = statesOf(definition.state ?? {}, wrong);
  const hasTimers = definition.onTimer !== undefined;
  const returns = bindType(parseDataType(definition.returns));
  const columns: readonly Field[] =
    returns.kind === 'ROW' ? returns.fields : [{ name: 'EXPR$0', type: returns }];
  const process: UserProcess = {
    title: name,
    args,
    columns,
    states,
    hasTimers,
    changes: changesOf(definition, processTables({ args }), wrong),
    start: (host, call) => new ProcessFunctionCalls(name, definition, process, returns, host, call),
  };
  return addUserProcess(process);
}

/** Which kinds of change it gives: asked of the function where it decides by the query. */
function changesOf(
  { changelogMode: declared }: ProcessFunctionDefinition,
  tables: readonly ProcessTable[],
  wrong: (message: string) => UserError,
): UserProcess['changes'] {
  if (declared === undefined) return undefined;
  if (typeof declared !== 'function') {
    const fixed = fromProgram(declared, wrong);
    return () => fixed;
  }
  const names = tables.map((table) => table.name);
  return ({ tables: given, required }) => fromProgram(declared(askedOf(names, given, required)), wrong);
}

function argumentOf(arg: ProcessArgumentDefinition): ProcessArgument {
  const { name } = arg;
  if ('table' in arg) {
    const {
      table: semantics,
      optionalPartitionBy = false,
      requireOnTime = false,
      passColumnsThrough = false,
      supportUpdates = false,
      requireUpdateBefore = false,
      requireFullDelete = false,
    } = arg;
    return {
      kind: 'table',
      name,
      semantics,
      optionalPartition: optionalPartitionBy,
      requiresTime: requireOnTime,
      passesColumns: passColumnsThrough,
      supportsUpdates: supportUpdates,
      requiresUpdateBefore: requireUpdateBefore,
      requiresFullDelete: requireFullDelete,
    };
  }
  const type: LogicalType = { ...bindType(parseDataType(arg.type)), nullable: true };
  return { kind: 'scalar', name, type, optional: arg.optional === true };
}
