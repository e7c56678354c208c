/* FROM f(input => TABLE t PARTITION BY k, on_time => DESCRIPTOR(ts), …): a process table function of the program. */

import { isTimestamp } from '#data';
import { castTo, userProcess, type Expr, type ProcessTable } from '#expr';
import type { FunctionCall, TableArgument } from '#sql';
import { processRel, type ProcessRel } from '../logical/nodes/process.ts';
import type { Rel } from '../logical/rel.ts';
import type { Binder } from './binder.ts';
import { bindExpression } from './expressions.ts';
import { notYet } from './not-yet.ts';
import { ProcessArguments } from './process-arguments.ts';
import { Scope } from './scope.ts';
import { hooks } from './shared.ts';

/** What the call gives, or undefined where it is none of such a function. `tableOf` binds the table that it reads. */
export function bindProcessFunction(
  call: FunctionCall,
  binder: Binder,
  tableOf: (argument: TableArgument) => Rel,
): ProcessRel | undefined {
  const fn = binder.session.userProcess?.(call.name.map((n) => n.text).join('.'));
  if (fn === undefined) return undefined;
  const { title, args: declared } = userProcess(fn);
  const args = new ProcessArguments(call, {
    name: title,
    parameters: [...declared.map((a) => a.name), 'on_time', 'uid'],
    usage: usage(title, declared),
  });
  const table = declared.find((a) => a.kind === 'table')!;
  const written = args.table(table.name);
  const input = tableOf(written);
  const partition = partitionOf(written, table, input, args);
  const time = timeOf(table, input, args, call);
  const scalars = declared.map((a): Expr | undefined => {
    if (a.kind === 'table') return undefined;
    const given = args.scalar(a.name);
    if (given === undefined && !a.optional) throw args.wrong(call.span, `${title} needs "${a.name}"`);
    if (given === undefined) return { kind: 'literal', type: a.type, value: null };
    const value = bindExpression(given, new Scope([]), hooks(binder));
    return castTo(value, a.type, { implicit: true, at: given.span });
  });
  return processRel(input, { fn, uid: uidOf(title, args), partition, time, scalars });
}

function usage(title: string, declared: readonly { readonly kind: string; readonly name: string }[]): string {
  const args = declared.map((a) => (a.kind === 'table' ? `${a.name} => TABLE t …` : `${a.name} => …`));
  return `Write ${title}(${[...args, 'on_time => DESCRIPTOR(ts)', "uid => 'name'"].join(', ')}); the last two may be left out.`;
}

/** The columns of PARTITION BY. */
function partitionOf(
  { partitionBy, orderBy, span }: TableArgument,
  { name, semantics, optionalPartition }: ProcessTable,
  input: Rel,
  args: ProcessArguments,
): number[] {
  if (semantics === 'row' && partitionBy.length + orderBy.length > 0)
    throw args.wrong(
      span,
      'PARTITION BY or ORDER BY are not supported for table arguments with row semantics.',
    );
  if (orderBy.length > 0) throw notYet('ORDER BY of the table of a process table function', span);
  if (semantics === 'set' && partitionBy.length === 0 && !optionalPartition)
    throw args.wrong(
      span,
      `Table argument '${name}' requires a PARTITION BY clause for parallel processing.`,
    );
  const scope = Scope.of(undefined, input.fields);
  return partitionBy.map((e) => {
    const column = bindExpression(e, scope);
    if (column.kind === 'column') return column.index;
    throw args.wrong(e.span, 'PARTITION BY of a table argument takes columns');
  });
}

/** The column that on_time names: a time with a watermark, or another whose rows are taken at their word. */
function timeOf(
  table: ProcessTable,
  input: Rel,
  args: ProcessArguments,
  call: FunctionCall,
): number | undefined {
  const named = args.descriptor('on_time');
  if (named === undefined) {
    if (!table.requiresTime) return undefined;
    throw args.wrong(
      call.span,
      `Table argument '${table.name}' requires a time attribute. Please provide one using the implicit \`on_time\` argument. For example: myFunction(..., on_time => DESCRIPTOR(\`my_timestamp\`)`,
    );
  }
  const found = input.fields.findIndex((f) => f.name === named.text);
  if (found < 0)
    throw args.wrong(
      named.span,
      `Invalid time attribute declaration. Each column in the \`on_time\` argument must reference at least one column in one of the table arguments. Unknown references: [${named.text}]`,
    );
  const { type, time } = input.fields[found]!;
  if (time === 'rowtime' || (time === undefined && isTimestamp(type) && type.precision <= 3)) return found;
  throw args.wrong(
    named.span,
    `Unsupported data type for time attribute. The \`on_time\` argument must reference a TIMESTAMP or TIMESTAMP_LTZ column (up to precision 3), and "${named.text}" is none`,
  );
}

/** What its state is found again by: the function's name, unless the call says otherwise. */
function uidOf(title: string, args: ProcessArguments): string {
  const given = args.get('uid');
  if (given === undefined) return title;
  if (given.kind === 'string' && /^[a-zA-Z_][a-zA-Z-_0-9]*$/.test(given.value)) return given.value;
  throw args.wrong(
    given.span,
    `Invalid unique identifier for process table function. The \`uid\` argument must be a string literal that follows the pattern [a-zA-Z_][a-zA-Z-_0-9]*.`,
  );
}
