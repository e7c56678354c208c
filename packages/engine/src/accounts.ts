/* What became of all that a job read: written, or left out, and why.
 *
 *   read = written + dead + skipped + late + filtered      of a job whose rows go one by one from sources to one sink
 *   found = joined + dead + skipped + filtered             of each table that is looked up, always */

import type { NodeMetrics } from '#dataflow';
import type { JobPlan, NodePlan, OperatorName, OperatorSpecs } from '#job';

export interface Accounts {
  /** Rows, and records that gave none because they were malformed. */
  readonly read: number;
  /** Into the tables that the statement names. */
  readonly written: number;
  readonly dead: number;
  /** Bad ones that were counted and left out: by the table's policy, its format's, or the NOT NULL enforcer's. */
  readonly skipped: number;
  /** Came behind the watermark; dead letters or not. */
  readonly late: number;
  readonly lateLetters: number;
  /** Taken out by a condition. */
  readonly filtered: number;
  /** Rows are neither joined, aggregated nor written twice: then what was read is the sum of the rest once the job has
   *  ended. */
  readonly balances: boolean;
  /** Of each lookup of a table. */
  readonly lookups: readonly LookupAccount[];
}

/** What became of the rows of a table that were found for rows of a query, each time that they were. */
export interface LookupAccount {
  readonly table: string;
  readonly found: number;
  readonly joined: number;
  readonly dead: number;
  readonly skipped: number;
  /** Left out by the rest of the condition. */
  readonly filtered: number;
}

export function accountsOf(plan: JobPlan, metrics: readonly NodeMetrics[]): Accounts {
  const nodes = new Map(plan.nodes.map((node) => [node.id, node]));
  const sum = { read: 0, written: 0, dead: 0, skipped: 0, late: 0, lateLetters: 0, filtered: 0 };
  const lookups = new Map<string, LookupAccount>();
  for (const { id, rowsIn, rowsOut, counters } of metrics) {
    const node = nodes.get(id);
    // The first of two phases is of the run, not of the plan: it counts nothing that the second does not.
    if (node === undefined) continue;
    const count = (name: string): number => counters[name] ?? 0;
    const left = count('numDeadLetters') + count('numRecordsSkipped');
    sum.dead += count('numDeadLetters');
    sum.skipped += count('numRecordsSkipped') + count('numRecordsInErrors') + count('numNullRecordsDropped');
    sum.late += count('numLateRecordsDropped');
    sum.lateLetters += count('numLateDeadLetters');
    const lookup = lookupOf(node);
    if (lookup !== undefined)
      lookups.set(id, lookupAccount(lookup.table.path.object, count, lookups.get(id)));
    if (node.kind === 'source') sum.read += rowsIn + count('numBadRecords') + count('numRecordsInErrors');
    else if (node.kind === 'sink' && !takesLetters(plan, node))
      sum.written += rowsIn - count('numRowsRefused');
    else if (node.kind === 'operator' && isFilter(node)) sum.filtered += rowsIn - rowsOut - left;
  }
  return { ...sum, balances: balances(plan), lookups: [...lookups.values()] };
}

const lookupOf = (node: NodePlan): OperatorSpecs['lookup-join'] | undefined =>
  node.kind === 'operator' && (node.operator === 'lookup-join' || node.operator === 'kept-lookup-join')
    ? (node.spec as OperatorSpecs['lookup-join'])
    : undefined;

/** Of one instance, on top of those before. */
function lookupAccount(
  table: string,
  count: (name: string) => number,
  before: LookupAccount | undefined,
): LookupAccount {
  const found = count('numRowsLookedUp') + (before?.found ?? 0);
  const dead = count('numDeadLetters') + (before?.dead ?? 0);
  const skipped = count('numRecordsSkipped') + (before?.skipped ?? 0);
  const filtered = count('numRowsLookedUpFiltered') + (before?.filtered ?? 0);
  return { table, found, joined: found - dead - skipped - filtered, dead, skipped, filtered };
}

/** A sink of dead letters, not of rows. */
export const takesLetters = (plan: JobPlan, node: NodePlan): boolean =>
  node.kind === 'sink' &&
  node.inputs.every(({ node: input }) => {
    const before = plan.nodes[input]!;
    return before.kind === 'operator' && readsLetters(before);
  });
/** What makes rows of letters. */
export const readsLetters = (node: NodePlan): boolean =>
  node.kind !== 'source' && node.inputs.some((input) => input.side !== undefined);
const isFilter = (node: NodePlan): boolean =>
  node.kind === 'operator' && node.operator === 'calc' && !readsLetters(node);

/** Operators that give a row, or leave it out, for each that they take. */
const rowByRow: ReadonlySet<OperatorName> = new Set(['calc', 'check-rows', 'union', 'sort']);

function balances(plan: JobPlan): boolean {
  const own = plan.nodes.filter((node) => !takesLetters(plan, node) && !readsLetters(node));
  const readers = own.flatMap((node) => (node.kind === 'source' ? [] : node.inputs.map((i) => i.node)));
  return (
    new Set(readers).size === readers.length &&
    own.every((node) => node.kind !== 'operator' || rowByRow.has(node.operator))
  );
}
