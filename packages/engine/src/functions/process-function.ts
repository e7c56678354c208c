/* Process table functions of the program in SQL: what they declare, checked and bound. */

import { UserError } from '#base';
import { parseDurationMs } from '#catalog';
import type { Field, LogicalType } from '#data';
import { addUserProcess, type ProcessArgument, type ProcessState, type UserProcess } from '#expr';
import { bindType } from '#plan';
import { parseDataType } from '#sql';
import { ProcessFunctionCalls } from './process-calls.ts';
import type { ProcessArgumentDefinition, ProcessFunctionDefinition } from './process-definition.ts';

/** Defines the function and returns its name within. Throws UserError for what is wrong with it. */
export function defineProcess(name: string, definition: ProcessFunctionDefinition): string {
  const wrong = (message: string): UserError =>
    new UserError('LIB2005', {
      message: `the process table function "${name}" ${message}`,
      hint: "It has args: [{ name: 'input', table: 'set' }, { name: 'bound', type: 'INT' }], returns, eval, and for partitions state and onTimer.",
    });
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
  const states = Object.entries(definition.state ?? {}).map(([state, declared]): ProcessState => {
    const { type, ttl } = typeof declared === 'string' ? { type: declared, ttl: undefined } : declared;
    const ttlMs = ttl === undefined ? undefined : parseDurationMs(ttl);
    if (ttl !== undefined && ttlMs === undefined)
      throw wrong(`keeps "${state}" for '${ttl}', which is no duration`);
    return { name: state, type: { ...bindType(parseDataType(type)), nullable: true }, ttlMs };
  });
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
