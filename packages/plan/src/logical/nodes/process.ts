/* A call of a process table function of the program: rows in, rows out, as it likes. Fields: the partition's columns, once for
 * each table, the function's, and with on_time the time of the row or timer as `rowtime`. */

import { withNullable } from '#data';
import { processTables, userProcess, type Expr } from '#expr';
import { columnNames, exprText, orderText } from '../../text.ts';
import type { RelField, SortKey } from '../field.ts';
import { noWindow, type Prune, type Pruned, type RelKind } from '../kind.ts';
import type { Rel } from '../rel.ts';

/** What is called, and with what. */
export interface ProcessCall {
  /** The function's name within: #expr's userProcess. */
  readonly fn: string;
  /** What its state is found again by. */
  readonly uid: string;
  /** How each table is read, in the order of the function's. */
  readonly tables: readonly ProcessTableCall[];
  /** By argument; undefined for a table. */
  readonly scalars: readonly (Expr | undefined)[];
}
export interface ProcessTableCall {
  readonly partition: readonly number[];
  /** In which its rows come, each partition by itself: by a rowtime first; none: as they come. */
  readonly order: readonly SortKey[];
  /** The column that on_time names; of all tables, or of none. */
  readonly time: number | undefined;
}
export interface ProcessRel extends ProcessCall {
  readonly kind: 'process';
  readonly inputs: readonly Rel[];
  readonly fields: readonly RelField[];
}

export function processRel(inputs: readonly Rel[], call: ProcessCall): ProcessRel {
  const front = passesColumns(call.fn) ? inputs[0]!.fields : keyFields(inputs, call);
  const own = userProcess(call.fn).columns.map((c) => ({ ...c, time: undefined }));
  return {
    kind: 'process',
    inputs,
    ...call,
    fields: unique([...front, ...own, ...rowtimeField(inputs, call)]),
  };
}
/** Of all tables: NULL where that of one of them may be NULL. */
function keyFields(inputs: readonly Rel[], { tables }: ProcessCall): RelField[] {
  const mayBeNull = tables[0]!.partition.map((_, i) =>
    tables.some(({ partition }, t) => inputs[t]!.fields[partition[i]!]!.type.nullable),
  );
  return tables.flatMap(({ partition }, t) =>
    partition.map((c, i) => {
      const field = inputs[t]!.fields[c]!;
      return { ...field, type: withNullable(field.type, mayBeNull[i]!), time: undefined };
    }),
  );
}
function rowtimeField(inputs: readonly Rel[], { tables }: ProcessCall): RelField[] {
  const times = tables.flatMap(({ time }, t) => (time === undefined ? [] : [inputs[t]!.fields[time]!]));
  const [first] = times;
  if (first === undefined) return [];
  const time = times.every((f) => f.time === first.time) ? first.time : undefined;
  return [{ ...first, name: 'rowtime', type: withNullable(first.type, false), time }];
}
/** Its rows begin with all columns of the row in hand. */
export const passesColumns = (fn: string): boolean =>
  processTables(userProcess(fn)).some((table) => table.passesColumns);
/** As Flink: a name that is there already gets a number, from 0 on. */
function unique(fields: readonly RelField[]): RelField[] {
  const seen = new Map<string, number>();
  return fields.map((field) => {
    const n = seen.get(field.name);
    seen.set(field.name, n === undefined ? 0 : n + 1);
    return n === undefined ? field : { ...field, name: `${field.name}${n}` };
  });
}

/** A call in a line of EXPLAIN. */
export function processText(
  { fn, uid, tables, scalars }: ProcessCall,
  inputs: readonly { readonly fields: readonly RelField[] }[],
): string {
  const { title, args } = userProcess(fn);
  const given = args.flatMap((a, i) =>
    scalars[i] === undefined ? [] : [`${a.name} => ${exprText(scalars[i], [])}`],
  );
  const keys = tables.map(({ partition }, t) => columnNames(partition, inputs[t]!.fields));
  const times = tables.flatMap(({ time }, t) => (time === undefined ? [] : [inputs[t]!.fields[time]!.name]));
  const orders = tables.flatMap(({ order }, t) =>
    order.length === 0 ? [] : [orderText(order, inputs[t]!.fields)],
  );
  return [
    `invocation=[${[title, ...given].join(', ')}]`,
    `uid=[${uid}]`,
    ...(tables[0]!.partition.length === 0 ? [] : [`partitionBy=[${keys.join('; ')}]`]),
    ...(orders.length === 0 ? [] : [`orderBy=[${orders.join('; ')}]`]),
    ...(times.length === 0 ? [] : [`onTime=[${times.join(', ')}]`]),
  ].join(', ');
}
export const processScalars = ({ scalars }: ProcessCall): Expr[] => scalars.filter((s) => s !== undefined);

/** It looks at whole rows: a change of a column that nobody reads above is a change to it. */
function wholeInputs(rel: ProcessRel, _needed: ReadonlySet<number>, prune: Prune): Pruned {
  const inputs = rel.inputs.map((input) => prune(input, new Set(input.fields.keys())).rel);
  return { rel: { ...rel, inputs }, at: new Map(rel.fields.map((_, i) => [i, i])) };
}

export const processKind: RelKind<ProcessRel> = {
  inputs: (rel) => rel.inputs,
  withInputs: (rel, inputs) => ({ ...rel, inputs }),
  reads: (rel) => ({ exprs: processScalars(rel).map((expr) => ({ expr, over: [] })), columns: [] }),
  windows: () => noWindow,
  text: (rel) => `LogicalTableFunctionScan(${processText(rel, rel.inputs)})`,
  prune: wholeInputs,
};
