/* Asks Flink every statement of the scripts of definitions, each script in a session of its own. */

import type { DdlAnswer, StatementAnswer } from '../../tests/conformance/answers.ts';
import { ddlCases } from '../../tests/conformance/ddl-cases.ts';
import { FlinkError, type FlinkSession } from '../flink.ts';
import { counted, type Judge } from './judge.ts';

export async function recordDdl(judge: Judge): Promise<DdlAnswer[]> {
  return await counted('ddl', ddlCases, async ({ name, statements }) => {
    const session = await judge.session();
    try {
      const answers: StatementAnswer[] = [];
      for (const sql of statements) answers.push(await ask(session, sql));
      return { sql: name, answers };
    } finally {
      await session.close();
    }
  });
}

async function ask(session: FlinkSession, sql: string): Promise<StatementAnswer> {
  try {
    const { columns, rows } = await session.execute(sql);
    const names = columns.map((c) => c.name);
    if (names.join() === 'job id') return { sql, job: true };
    const cells = rows.map((r) => r.fields);
    if (names.join() === 'result' && cells.length === 1 && cells[0]![0] === 'OK') return { sql };
    return { sql, columns: names, rows: cells };
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    // Paths of the machine that answered are of no use to others.
    return { sql, error: error.reason.replace(/\[\/[^\]]*\]/g, '[…]') };
  }
}
