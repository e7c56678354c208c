/* FROM f(input => TABLE t PARTITION BY k, on_time => DESCRIPTOR(ts), …): a process table function of the program. */

import { castTo, processTables, userProcess, type Expr, type ProcessArgument } from '#expr';
import type { FunctionCall, TableArgument } from '#sql';
import { processRel, type ProcessRel } from '../logical/nodes/process.ts';
import type { Rel } from '../logical/rel.ts';
import type { Binder } from './binder.ts';
import { bindExpression } from './expressions.ts';
import { ProcessArguments } from './process-arguments.ts';
import { bindProcessTable, requireOnePartitioning } from './process-tables.ts';
import { bindProcessTimes } from './process-times.ts';
import { Scope } from './scope.ts';
import { hooks } from './shared.ts';

/** What the call gives, or undefined where it is none of such a function. `tableOf` binds a table that it reads. */
export function bindProcessFunction(
  call: FunctionCall,
  binder: Binder,
  tableOf: (argument: TableArgument) => Rel,
): ProcessRel | undefined {
  const fn = binder.session.userProcess?.(call.name.map((n) => n.text).join('.'));
  if (fn === undefined) return undefined;
  const process = userProcess(fn);
  const { title, args: declared } = process;
  const args = new ProcessArguments(call, {
    name: title,
    parameters: [...declared.map((a) => a.name), 'on_time', 'uid'],
    usage: usage(title, declared),
  });
  const tables = processTables(process).map((table) => bindProcessTable(table, args, tableOf));
  requireOnePartitioning(tables, args);
  const times = bindProcessTimes(tables, args, call.span);
  const scalars = declared.map((a): Expr | undefined => {
    if (a.kind === 'table') return undefined;
    const given = args.scalar(a.name);
    if (given === undefined && !a.optional) throw args.wrong(call.span, `${title} needs "${a.name}"`);
    if (given === undefined) return { kind: 'literal', type: a.type, value: null };
    const value = bindExpression(given, new Scope([]), hooks(binder));
    return castTo(value, a.type, { implicit: true, at: given.span });
  });
  const rel = processRel(
    tables.map(({ input }) => input),
    {
      fn,
      uid: uidOf(title, args),
      tables: tables.map(({ partition, order }, i) => ({ partition, order, time: times[i] })),
      scalars,
    },
  );
  const names = rel.fields.map((f) => f.name);
  const twice = names.filter((name, i) => names.indexOf(name) !== i);
  if (twice.length === 0) return rel;
  throw args.wrong(
    call.span,
    `Field names must be unique. Found duplicates: [${[...new Set(twice)].join(', ')}]`,
  );
}

function usage(title: string, declared: readonly ProcessArgument[]): string {
  const args = declared.map((a) => (a.kind === 'table' ? `${a.name} => TABLE t …` : `${a.name} => …`));
  return `Write ${title}(${[...args, 'on_time => DESCRIPTOR(ts)', "uid => 'name'"].join(', ')}); the last two may be left out.`;
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
