/* TO_CHANGELOG and FROM_CHANGELOG: changes of rows as rows that say which change they are, and back.
 *
 *   -U pen 3, +U pen 2  ─ TO_CHANGELOG ─▶  +I UPDATE_BEFORE pen 3, +I UPDATE_AFTER pen 2  ─ FROM_CHANGELOG ─▶  as before */

import { isString, typeText } from '#data';
import type { FunctionCall, TableArgument } from '#sql';
import { changeNames, type ChangeName } from '../logical/change-names.ts';
import { fromChangelog } from '../logical/nodes/from-changelog.ts';
import { toChangelog } from '../logical/nodes/to-changelog.ts';
import type { Rel } from '../logical/rel.ts';
import { ProcessArguments } from './process-arguments.ts';

export const changelogFunctions = ['FROM_CHANGELOG', 'TO_CHANGELOG'] as const;

/** What the call gives, or undefined when it is neither. `tableOf` binds the table that it reads. */
export function bindChangelogFunction(
  call: FunctionCall,
  tableOf: (argument: TableArgument) => Rel,
): Rel | undefined {
  const [written, ...more] = call.name;
  const name = changelogFunctions.find((f) => more.length === 0 && f === written!.text.toUpperCase());
  if (name === undefined) return undefined;
  const args = new ProcessArguments(call, {
    name,
    parameters: ['input', 'op', 'op_mapping'],
    usage: usages[name],
  });
  const argument = args.table('input');
  if (argument.partitionBy.length > 0 || argument.orderBy.length > 0)
    throw args.wrong(
      argument.span,
      `Only tables with set semantics may be partitioned or ordered, and ${name} takes each row by itself`,
    );
  const input = tableOf(argument);
  return name === 'TO_CHANGELOG' ? bindTo(call, args, input) : bindFrom(call, args, input);
}
const usages = {
  TO_CHANGELOG: `Write TO_CHANGELOG(input => TABLE t, op => DESCRIPTOR(op), op_mapping => MAP['INSERT, UPDATE_AFTER', 'u', 'DELETE', 'd']).`,
  FROM_CHANGELOG: `Write FROM_CHANGELOG(input => TABLE t, op => DESCRIPTOR(op), op_mapping => MAP['c, r', 'INSERT', 'd', 'DELETE']).`,
};

function bindTo(call: FunctionCall, args: ProcessArguments, input: Rel): Rel {
  const op = args.descriptor('op');
  const name = op?.text ?? 'op';
  const time = timeColumn(args, input);
  const codes = new Map<ChangeName, string>();
  for (const [changes, code] of mapping(args)) {
    for (const change of listed(changes).map((c) => known(c, args, call))) {
      if (codes.has(change)) throw twice(change, args, call);
      codes.set(change, code);
    }
  }
  const rel = toChangelog(input, name, codes, time);
  const names = rel.fields.map((f) => f.name);
  const double = names.find((n, i) => names.indexOf(n) !== i);
  if (double !== undefined)
    throw args.wrong(op?.span ?? call.span, `Field names must be unique. Found duplicates: [${double}]`);
  return rel;
}

/** The rowtime that `on_time` names: it comes again behind the columns. */
function timeColumn(args: ProcessArguments, input: Rel): number | undefined {
  const named = args.descriptor('on_time');
  if (named === undefined) return undefined;
  const found = input.fields.findIndex((f) => f.name === named.text);
  if (found < 0)
    throw args.wrong(
      named.span,
      `on_time must reference a column of the table argument. Unknown references: [${named.text}]`,
    );
  if (input.fields[found]!.time !== 'rowtime')
    throw args.wrong(
      named.span,
      `on_time needs a column with a watermark, and "${named.text}" is no event time`,
    );
  return found;
}

function bindFrom(call: FunctionCall, args: ProcessArguments, input: Rel): Rel {
  const descriptor = args.descriptor('op');
  const named = descriptor?.text ?? 'op';
  const at = descriptor?.span ?? call.span;
  if (args.get('on_time') !== undefined)
    throw args.wrong(
      args.get('on_time')!.span,
      'Time operations using the on_time argument are not supported for functions that produce updates',
    );
  const op = input.fields.findIndex((f) => f.name === named);
  if (op < 0) throw args.wrong(at, `The op column '${named}' does not exist in the input schema`);
  const { type } = input.fields[op]!;
  if (!isString(type))
    throw args.wrong(at, `The op column '${named}' must be of STRING type, but was '${typeText(type)}'`);
  const codes = new Map<string, ChangeName>();
  const meant = new Set<ChangeName>();
  for (const [written, change] of mapping(args)) {
    const name = known(change, args, call);
    if (meant.has(name)) throw twice(name, args, call);
    meant.add(name);
    for (const code of listed(written)) {
      if (codes.has(code)) throw args.wrong(call.span, `op_mapping: the code '${code}' is there twice`);
      codes.set(code, name);
    }
  }
  if (meant.has('UPDATE_AFTER') && !meant.has('UPDATE_BEFORE'))
    throw args.wrong(
      args.get('op_mapping')!.span,
      `The 'op_mapping' must include UPDATE_BEFORE for retract mode. Upsert mode (without UPDATE_BEFORE) is not supported`,
    );
  return fromChangelog(input, op, codes);
}

/** The entries of op_mapping: a key that is there twice has its last value, as in every MAP. Without it changes are their names. */
const mapping = (args: ProcessArguments): ReadonlyMap<string, string> =>
  new Map(args.texts('op_mapping') ?? changeNames.map((c) => [c, c]));

/** `c, r`: several in one text. */
const listed = (text: string): string[] => text.split(',').map((t) => t.trim());

function known(name: string, args: ProcessArguments, call: FunctionCall): ChangeName {
  const found = changeNames.find((c) => c === name);
  if (found !== undefined) return found;
  throw args.wrong(
    args.get('op_mapping')?.span ?? call.span,
    `Invalid target mapping for argument 'op_mapping'. Unknown change operation: '${name}'. Valid values are: [${changeNames.join(', ')}]`,
  );
}
const twice = (name: string, args: ProcessArguments, call: FunctionCall): Error =>
  args.wrong(
    args.get('op_mapping')?.span ?? call.span,
    `Invalid target mapping for argument 'op_mapping'. Duplicate change operation: '${name}'`,
  );
