/* Asks Flink which statements it refuses under TRY_RESOLVE, and which lookup joins it makes keep what they gave. */

import { changelogTables } from '../../tests/conformance/changelog-cases.ts';
import { tables } from '../../tests/conformance/cases.ts';
import type { PlanAnswer } from '../../tests/conformance/answers.ts';
import { determinismCases, determinismName, sinkColumns } from '../../tests/conformance/determinism-cases.ts';
import { lookupTables } from '../../tests/conformance/lookup-cases.ts';
import { FlinkError } from '../flink.ts';
import { createLookups, createSources } from './flink-tables.ts';
import { counted, type Judge } from './judge.ts';

export async function recordDeterminism(judge: Judge): Promise<PlanAnswer[]> {
  const session = await judge.session();
  await createSources(judge, session, [...tables, ...changelogTables]);
  await createLookups(judge, session, lookupTables);
  for (const [name, columns] of Object.entries(sinkColumns))
    await session.execute(`CREATE TABLE ${name} (${columns}) WITH ('connector' = 'print')`);
  // A SELECT is read by whole rows when it runs, and EXPLAIN shows it without its reader.
  await session.execute("SET 'table.optimizer.non-deterministic-update.strategy' = 'TRY_RESOLVE'");
  return await counted('determinism', determinismCases, async (asked) => {
    const sql = determinismName(asked);
    try {
      if (asked.into === undefined) await session.execute(sql);
      const { rows } = await session.execute(`EXPLAIN ${sql}`);
      const plan = String(rows[0]!.fields[0])
        .split('Optimized Physical Plan')[1]!
        .split('Optimized Execution Plan')[0]!;
      const joins = plan.match(/LookupJoin\([^\n]*upsertMaterialize=\[true\]/g)?.length ?? 0;
      return { sql, answer: asked.into === undefined ? 'planned' : `keeps ${joins}` };
    } catch (error) {
      if (!(error instanceof FlinkError)) throw error;
      return { sql, answer: 'refused', reason: error.reason };
    }
  });
}
