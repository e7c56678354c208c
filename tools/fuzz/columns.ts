/* Expressions over the columns of the table of samples: what we make of each row, interpreted and by generated code, and
 * what Flink makes of it. Rows on which we fail are kept from Flink, for one failure ends its job. */

import { BatchBuilder, readRow, typeText } from '#data';
import { evaluate, instantiateCalc, planCalc, type Expr } from '#expr';
import { UserError } from '#base';
import { Scope } from '../../packages/plan/src/bind/scope.ts';
import { refusal } from './flink.ts';
import { FlinkError, type FlinkSession } from '../flink.ts';
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

export function questionOf({ sql, bytes, values }: ColumnAnswer): ColumnQuestion {
  return { sql, bytes, without: values.flatMap((v, i) => (v === undefined ? [i] : [])) };
}

function guarded({ sql, bytes, without }: ColumnQuestion): string {
  const text = shown(sql, bytes);
  return without.length === 0 ? text : `CASE WHEN id NOT IN (${without.join(', ')}) THEN ${text} END`;
}

/** Asks Flink for many at once, for halves where that fails, at the end for single rows. The rows lie at `path`; a table is
 *  made of the columns in question, for each of them costs Flink's planner in every expression. */
export async function askOver(
  session: FlinkSession,
  path: string,
  questions: readonly ColumnQuestion[],
): Promise<FlinkColumn[]> {
  if (questions.length === 0) return [];
  const columns = questions.map((q, i) => `${guarded(q)} AS v${i}, TYPEOF(${q.sql}) AS t${i}`);
  const asked = new Set(
    questions.flatMap(({ sql }) => [...sql.matchAll(/`(\w+)`/g)].map(([, name]) => name!)),
  );
  await session.execute('DROP TABLE IF EXISTS samples');
  await session.execute(sampleTable('samples', path, (column) => asked.has(column)));
  try {
    const { rows } = await session.execute(`SELECT id, ${columns.join(', ')} FROM samples`);
    const byId = new Map(rows.map((r) => [Number(r.fields[0]), r.fields as readonly (string | null)[]]));
    return questions.map(({ without }, i) => ({
      type: String(byId.get(0)![2 * i + 2]),
      values: Array.from({ length: rowCount }, (_, id) =>
        without.includes(id) ? undefined : byId.get(id)![2 * i + 1]!,
      ),
    }));
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    if (questions.length === 1) {
      return [{ values: [], ...refusal(error) }];
    }
    const half = Math.ceil(questions.length / 2);
    return [
      ...(await askOver(session, path, questions.slice(0, half))),
      ...(await askOver(session, path, questions.slice(half))),
    ];
  }
}
