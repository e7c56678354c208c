/* Process table functions of the program in SQL: what they declare, checked and bound. */

import { UserError } from '#base';
import type { Field, LogicalType } from '#data';
import { addUserProcess, type ProcessArgument, type UserProcess } from '#expr';
import { bindType } from '#plan';
import { parseDataType } from '#sql';
import { ProcessFunctionCalls } from './process-calls.ts';
import type { ProcessArgumentDefinition, ProcessFunctionDefinition } from './process-definition.ts';
import { statesOf } from './process-declared-state.ts';

const shape =
  "It has args: [{ name: 'input', table: 'set' }, { name: 'bound', type: 'INT' }], returns, eval, and for partitions state and onTimer.";

/** Defines the function and returns its name within. Throws UserError for what is wrong with it. */
export function defineProcess(name: string, definition: ProcessFunctionDefinition): string {
  const wrong = (message: string, hint = shape): UserError =>
    new UserError('LIB2005', { message: `the process table function "${name}" ${message}`, hint });
  const args = definition.args.map(argumentOf);
  const tables = args.filter((a) => a.kind === 'table');
  const [table] = tables;
  if (table === undefined) throw wrong('has no table among its args');
  if (tables.length > 1) throw wrong('has several tables among its args: one is supported so far');
  const names = args.map((a) => a.name);
  const reserved = names.find((n, i) => ['uid', 'on_time'].includes(n) || names.indexOf(n) !== i);
  if (reserved !== undefined)
    throw wrong(
      `declares "${reserved}" ${names.filter((n) => n === reserved).length > 1 ? 'twice' : 'itself, which every such function has'}`,
    );
  const states = statesOf(definition.state ?? {}, wrong);
  const hasTimers = definition.onTimer !== undefined;
  if (table.semantics === 'row' && (hasTimers || states.length > 0))
    throw wrong(
      `takes each row by itself, so it has no ${hasTimers ? 'timers' : 'state'}: declare table: 'set'`,
    );
  if (hasTimers && table.passesColumns)
    throw wrong('passes columns through, so it has no timers: leave onTimer or passColumnsThrough out');
  const returns = bindType(parseDataType(definition.returns));
  const columns: readonly Field[] =
    returns.kind === 'ROW' ? returns.fields : [{ name: 'EXPR$0', type: returns }];
  const process: UserProcess = {
    title: name,
    args,
    columns,
    states,
    hasTimers,
    start: (host, call) => new ProcessFunctionCalls(name, definition, process, returns, host, call),
  };
  return addUserProcess(process);
}

function argumentOf(arg: ProcessArgumentDefinition): ProcessArgument {
  const { name } = arg;
  if ('table' in arg) {
    const {
      table: semantics,
      optionalPartitionBy = false,
      requireOnTime = false,
      passColumnsThrough = false,
    } = arg;
    return {
      kind: 'table',
      name,
      semantics,
      optionalPartition: optionalPartitionBy,
      requiresTime: requireOnTime,
      passesColumns: passColumnsThrough,
    };
  }
  const type: LogicalType = { ...bindType(parseDataType(arg.type)), nullable: true };
  return { kind: 'scalar', name, type, optional: arg.optional === true };
}
