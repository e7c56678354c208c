/* A call of a process table function of the program: rows in, rows out, as it likes. Fields: the partition's columns, the
 * function's, and with on_time the time of the row or timer as `rowtime`. */

import { withNullable } from '#data';
import { userProcess, type Expr } from '#expr';
import { columnNames, exprText } from '../../text.ts';
import type { RelField } from '../field.ts';
import { noWindow, oneInput, type RelKind } from '../kind.ts';
import type { Rel } from '../rel.ts';
import { wholeInput } from '../whole-input.ts';

/** What is called, and with what. */
export interface ProcessCall {
  /** The function's name within: #expr's userProcess. */
  readonly fn: string;
  /** What its state is found again by. */
  readonly uid: string;
  readonly partition: readonly number[];
  /** The column that on_time names. */
  readonly time: number | undefined;
  /** By argument; undefined for the table. */
  readonly scalars: readonly (Expr | undefined)[];
}
export interface ProcessRel extends ProcessCall {
  readonly kind: 'process';
  readonly input: Rel;
  readonly fields: readonly RelField[];
}

export function processRel(input: Rel, call: ProcessCall): ProcessRel {
  const { time, partition, fn } = call;
  const rowtime =
    time === undefined
      ? []
      : [{ ...input.fields[time]!, name: 'rowtime', type: withNullable(input.fields[time]!.type, false) }];
  const fields = [
    ...(passesColumns(fn) ? input.fields : partition.map((c) => ({ ...input.fields[c]!, time: undefined }))),
    ...userProcess(fn).columns.map((c) => ({ ...c, time: undefined })),
    ...rowtime,
  ];
  return { kind: 'process', input, ...call, fields: unique(fields) };
}
/** Its rows begin with all columns of the row in hand. */
export const passesColumns = (fn: string): boolean =>
  userProcess(fn).args.some((a) => a.kind === 'table' && a.passesColumns);
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
  { fn, uid, partition, time, scalars }: ProcessCall,
  input: readonly RelField[],
): string {
  const { title, args } = userProcess(fn);
  const given = args.flatMap((a, i) =>
    scalars[i] === undefined ? [] : [`${a.name} => ${exprText(scalars[i], [])}`],
  );
  return [
    `invocation=[${[title, ...given].join(', ')}]`,
    `uid=[${uid}]`,
    ...(partition.length === 0 ? [] : [`partitionBy=[${columnNames(partition, input)}]`]),
    ...(time === undefined ? [] : [`onTime=[${input[time]!.name}]`]),
  ].join(', ');
}
export const processScalars = ({ scalars }: ProcessCall): Expr[] => scalars.filter((s) => s !== undefined);

export const processKind: RelKind<ProcessRel> = {
  ...oneInput,
  reads: (rel) => ({ exprs: processScalars(rel).map((expr) => ({ expr, over: [] })), columns: [] }),
  windows: () => noWindow,
  text: (rel) => `LogicalTableFunctionScan(${processText(rel, rel.input.fields)})`,
  prune: wholeInput,
};
