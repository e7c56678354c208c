/* Expressions over the columns of the table of samples: what we make of each row, interpreted and by generated code, and
 * what Flink makes of it. Rows on which we fail are kept from Flink, for one failure ends its job. */

import { BatchBuilder, readRow, typeText } from '#data';
import { evaluate, instantiateCalc, planCalc, type Expr } from '#expr';
import { UserError } from '#base';
import { Scope } from '../../packages/plan/src/bind/scope.ts';
import { refusal } from './flink.ts';
import { askMany } from './isolate.ts';
import type { Line } from './line.ts';
import { bindText, context, failure, isBytes, shown } from './ours.ts';
import { rowCount, sampleFields, sampleRows, sampleTable } from './table.ts';

const inputTypes = sampleFields.map((f) => f.type);
const always = bindText('TRUE');
const scope = Scope.of(
  'samples',
  sampleFields.map((f) => ({ ...f, time: undefined })),
);

/** One expression: its value in each row, or why there is none. */
export interface ColumnAnswer {
  readonly sql: string;
  readonly type?: string;
  readonly bytes: boolean;
  /** undefined where the row fails. */
  readonly values: readonly (string | null | undefined)[];
  readonly error?: 'refused' | 'failed' | 'bug';
  readonly message?: string;
  /** What generated code made of it, where that is something else. */
  readonly compiled?: string;
}

export function oursOver(sql: string): ColumnAnswer {
  let bound: Expr;
  let text: Expr;
  let bytes = false;
  try {
    bound = bindText(sql, scope);
    bytes = isBytes(bound);
    text = bindText(shown(sql, bytes), scope);
  } catch (error) {
    return { sql, bytes, values: [], ...failure(error, 'refused') };
  }
  const type = typeText(bound.type);
  const values: (string | null | undefined)[] = [];
  let message: string | undefined;
  for (const row of sampleRows) {
    try {
      const value = evaluate(text, row, context) as string | null;
      // As a column holds it.
      values.push(value?.toWellFormed() ?? null);
    } catch (error) {
      const failed = failure(error, 'failed');
      if (failed.error === 'bug') return { sql, type, bytes, values, ...failed };
      message = failed.message;
      values.push(undefined);
    }
  }
  const compiled = difference(text, values);
  return {
    sql,
    type,
    bytes,
    values,
    ...(message !== undefined && { message }),
    ...(compiled !== undefined && { compiled }),
  };
}

/** Where generated code says something else than the interpreter, in rows that do not fail. */
function difference(expr: Expr, values: readonly (string | null | undefined)[]): string | undefined {
  const good = sampleRows.filter((_, i) => values[i] !== undefined);
  const expected = values.filter((v) => v !== undefined);
  try {
    const plan = planCalc({ inputTypes, where: always, project: [expr] });
    const builder = new BatchBuilder(inputTypes);
    for (const row of good) builder.appendRow(row, 0);
    const all = builder.build();
    const program = instantiateCalc(plan);
    for (let from = 0; from < all.rows; ) {
      const { batch, next } = program.run(all, from, context);
      for (let i = 0; i < batch.rows; i++) {
        const value = readRow(batch, [expr.type], i)[0];
        if (value !== expected[from + i])
          return `${String(value)} where the interpreter has ${String(expected[from + i])}`;
      }
      from = next;
    }
    return undefined;
  } catch (error) {
    // A constant that is wrong is an error of the plan, however few rows meet it.
    if (error instanceof UserError) return undefined;
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

export interface ColumnQuestion {
  readonly sql: string;
  readonly bytes: boolean;
  /** Rows to leave out. */
  readonly without: readonly number[];
}
export interface FlinkColumn {
  readonly type?: string;
  readonly values: readonly (string | null | undefined)[];
  readonly error?: 'refused' | 'failed';
  readonly message?: string;
}

/** What Flink is asked: for the rows on which we do not fail, or for all when there are none; or for one `row` alone. */
export function questionOf({ sql, bytes, values }: ColumnAnswer, row?: number): ColumnQuestion {
  if (row !== undefined) return { sql, bytes, without: [...values.keys()].filter((i) => i !== row) };
  const failed = values.flatMap((v, i) => (v === undefined ? [i] : []));
  return { sql, bytes, without: failed.length === rowCount ? [] : failed };
}

/** Both the value and the type: Flink evaluates what TYPEOF is asked about. */
function guarded({ sql, bytes, without }: ColumnQuestion, i: number): string {
  const [value, type] = [shown(sql, bytes), `TYPEOF(${sql})`].map((text) =>
    without.length === 0 ? text : `CASE WHEN id NOT IN (${without.join(', ')}) THEN ${text} END`,
  );
  return `${value} AS v${i}, ${type} AS t${i}`;
}

/** Asks Flink for many at once. The rows lie at `path`; a table is made of the columns in question, for each of them costs
 *  Flink's planner in every expression. */
export async function askOver(
  line: Line,
  path: string,
  questions: readonly ColumnQuestion[],
): Promise<FlinkColumn[]> {
  return await askMany<ColumnQuestion, FlinkColumn>(questions, {
    text: ({ sql }) => `${sql}${sql}`,
    ask: async (some) => {
      const named = some.flatMap(({ sql }) => [...sql.matchAll(/`(\w+)`/g)].map(([, name]) => name!));
      const asked = new Set(named);
      const { rows } = await line.run([
        'DROP TABLE IF EXISTS samples',
        sampleTable('samples', path, (column) => asked.has(column)),
        `SELECT id, ${some.map(guarded).join(',\n')} FROM samples`,
      ]);
      return answersOf(
        some,
        rows.map((r) => r.fields as readonly (string | null)[]),
      );
    },
    refusal: (error) => ({ values: [], ...refusal(error) }),
  });
}

function answersOf(
  questions: readonly ColumnQuestion[],
  rows: readonly (readonly (string | null)[])[],
): FlinkColumn[] {
  const byId = new Map(rows.map((row) => [Number(row[0]), row]));
  return questions.map(({ without }, i) => {
    const ids = Array.from({ length: rowCount }, (_, id) => id);
    const given = ids.find((id) => !without.includes(id));
    return {
      ...(given !== undefined && { type: String(byId.get(given)![2 * i + 2]) }),
      values: ids.map((id) => (without.includes(id) ? undefined : byId.get(id)![2 * i + 1]!)),
    };
  });
}
