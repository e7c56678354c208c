/* Real SQL over random rows: one test table, one query or one sink, cut into batches and instances at will.
 * What comes back is checked to be a changelog: nothing is taken back that is not there. */

import fc from 'fast-check';
import type { LogicalType, Row, Value } from '#data';
import { Executor } from '#engine';
import { parseScript, type Statement } from '#sql';
import { SimWorld, TestBoard, testConnector } from '#testkit';
import {
  netCounts,
  netRows,
  rowKey,
  upsertRows,
  type KindedRow,
} from '../../packages/testkit/src/slt/cells.ts';

/** How a run is cut: sizes of batches, taken in turn, and the number of instances. */
export interface Cut {
  readonly sizes: readonly number[];
  readonly parallelism: number;
}
export const cuts: fc.Arbitrary<Cut> = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  parallelism: fc.integer({ min: 1, max: 3 }),
});
export const onePartition: fc.Arbitrary<Cut> = cuts.map((c) => ({ ...c, parallelism: 1 }));

/** How many runs a property makes: more when asked, for a night. */
export const runs = (n: number): { readonly numRuns: number } => ({
  numRuns: Math.ceil(n * Number(process.env['MILLRACE_RUNS'] ?? 1)),
});

export interface Change {
  readonly kind: number;
  readonly row: Row;
}

export class Drive {
  readonly #board = new TestBoard();
  readonly #executor: Executor;
  readonly #cut: Cut;

  private constructor(cut: Cut) {
    this.#cut = cut;
    let turn = 0;
    this.#board.cut = (log, from) => Math.min(log.length, from + cut.sizes[turn++ % cut.sizes.length]!);
    this.#executor = new Executor({
      world: new SimWorld(1),
      connectors: new Map([['test', testConnector(this.#board)]]),
      throughPlan: (plan) => structuredClone(plan),
    });
  }
  static async open(ddl: string, cut: Cut): Promise<Drive> {
    const drive = new Drive(cut);
    for (const { statement } of parseScript(ddl)) await drive.#executor.execute(statement);
    return drive;
  }

  push(table: string, columns: readonly string[], changes: readonly Change[]): void {
    this.#board.push(
      this.#path(table),
      changes.map(({ kind, row }) => ({
        kind,
        metadata: new Map(),
        physical: new Map(columns.map((c, i): [string, Value] => [c, row[i]!])),
      })),
    );
  }
  end(table: string): void {
    this.#board.end(this.#path(table));
  }
  #path(object: string): { catalog: string; database: string; object: string } {
    return { catalog: 'default_catalog', database: 'default_database', object };
  }

  /** Runs the query; `feed` is called once it runs, and each step it yields is followed by a look at the changes so far. */
  async query(
    sql: string,
    feed: () => Iterable<void>,
    look: (changes: readonly KindedRow[], columnTypes: readonly LogicalType[]) => void,
  ): Promise<void> {
    const { query } = parseScript(sql)[0]!.statement as Extract<Statement, { kind: 'select-statement' }>;
    const execution = await this.#executor.query(query, {
      parallelism: this.#cut.parallelism,
      unboundedResult: true,
    });
    const changes: KindedRow[] = [];
    try {
      for (const _step of feed()) {
        await execution.job.settled();
        if (execution.job.state === 'failed') throw execution.job.error;
        changes.push(
          ...execution.changes
            .take()
            .map(({ kind, row }) => ({ kind: ['+I', '-U', '+U', '-D'].indexOf(kind), row })),
        );
        checkChangelog(changes);
        look(
          changes,
          execution.fields.map((f) => f.type),
        );
      }
    } finally {
      await execution.job.cancel();
    }
  }
  /** Runs an INSERT; returns what was written into its sink, in order. */
  async insert(sql: string, sink: string, feed: () => void): Promise<readonly Change[]> {
    const execution = await this.#executor.execute(parseScript(sql)[0]!.statement, {
      parallelism: this.#cut.parallelism,
    });
    if (execution.kind !== 'job') throw new TypeError('an INSERT is expected');
    feed();
    await execution.job.settled();
    if (execution.job.state === 'failed') throw execution.job.error;
    await execution.job.cancel();
    return this.#board.table(this.#path(sink)).written;
  }
}

/** Every row taken back was there. */
export function checkChangelog(changes: readonly KindedRow[]): void {
  const counts = new Map<string, number>();
  for (const { kind, row } of changes) {
    const key = rowKey(row);
    const count = (counts.get(key) ?? 0) + (kind === 0 || kind === 2 ? 1 : -1);
    if (count < 0) throw new Error(`a row is taken back that is not there: ${key}`);
    counts.set(key, count);
  }
}

const keysOf = (rows: readonly Row[]): string[] => rows.map(rowKey).sort();
export const netKeys = (changes: readonly KindedRow[]): string[] => keysOf(netRows(changes));
export const upsertKeys = (changes: readonly KindedRow[], key: readonly number[]): string[] =>
  keysOf(upsertRows(changes, key));
export const rowKeys = keysOf;
export { netCounts, rowKey };
