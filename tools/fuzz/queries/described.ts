/* The columns of a case's query, as Flink's validator sees them. */

import { FlinkError, type FlinkSession } from '../../flink.ts';
import { none, type Answer, type Described } from './answer.ts';
import type { QueryCase } from './generate.ts';

/** The columns of the case's query, as a view; its refusal where it is none. */
export async function describe(
  run: (sql: string) => ReturnType<FlinkSession['execute']>,
  { views, sql }: Pick<QueryCase, 'views' | 'sql'>,
  name: string,
): Promise<Answer> {
  try {
    for (const view of views) await run(view.replace('CREATE VIEW', 'CREATE VIEW IF NOT EXISTS'));
    await run(`CREATE VIEW ${name} AS ${sql}`);
    const { rows } = await run(`DESCRIBE ${name}`);
    const columns = rows.map(
      ({ fields }): Described => ({
        name: String(fields[0]),
        // What the validator takes for a time attribute the planner may yet make a value.
        type: String(fields[1]).replace(/ \*\w+\*$/, ''),
        nullable: fields[2] === true || fields[2] === 'TRUE' || fields[2] === 'true',
      }),
    );
    return { columns, changes: [] };
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    return none('refused', error.reason);
  }
}
