/* millrace explain: DDL and SET of the file take effect, queries are planned and shown, nothing runs. */

import { dirname } from 'node:path';
import { UserError } from '#base';
import type { Checkpoint } from '#checkpoint';
import { Executor, readSavepoint } from '#engine';
import { inferFileTable, modelProviders } from '#connectors';
import { modulesFrom, realWorld } from '#host';
import { nodeTitle, planText, stateWarnings } from '#plan';
import { changelogText } from '#catalog';
import { parseScript, type ExplainStatement } from '#sql';
import { checksFrom } from '../checks.ts';
import { allConnectors, catalogTypes, draftWorld } from '../connectors.ts';
import { explained } from '../explained.ts';
import { readText } from '../input.ts';
import { fitLines } from '../jobs/fit-lines.ts';
import { out, report, warn } from '../terminal.ts';

export async function explain(
  file: string | undefined,
  flags: {
    readonly e?: string;
    readonly json?: boolean;
    readonly fromSavepoint?: string;
    readonly target?: string;
  },
): Promise<number> {
  if (file === undefined && flags.e === undefined)
    throw new UserError('CLI1001', { message: 'explain takes a file or -e STATEMENT' });
  const source = { text: flags.e ?? (await readText(file!)), ...(file === undefined ? {} : { name: file }) };
  const json = flags.json === true;
  if (flags.target === 'flink')
    return await (await import('../flink/explain.ts')).explainForFlink(source, json);
  if (flags.target !== undefined && flags.target !== 'embedded')
    throw new UserError('CLI1002', { message: `--target ${flags.target}: expected embedded or flink` });
  const world = realWorld();
  const savepoint = flags.fromSavepoint && (await readSavepoint(world.disk, flags.fromSavepoint));
  const executor = new Executor({
    world: draftWorld(),
    connectors: allConnectors(),
    catalogTypes,
    modelProviders,
    fileTable: inferFileTable,
    loadModule: modulesFrom(file === undefined ? '.' : dirname(file)),
    loadChecks: checksFrom(file === undefined ? '.' : dirname(file)),
    warn,
  });
  try {
    for (const parsed of parseScript(source.text)) {
      const statement = await executor.completed(parsed.statement);
      const query = statement.kind === 'create-table-as' ? executor.tableAs(statement) : explained(statement);
      if (query === undefined) await executor.execute(statement);
      else tell(executor, query, json, savepoint || undefined);
    }
    return 0;
  } catch (thrown) {
    return report(thrown, { json, source });
  }
}

function tell(
  executor: Executor,
  query: ExplainStatement['statement'],
  json: boolean,
  savepoint: Checkpoint | undefined,
): void {
  const { ast, plan } = executor.plan(query);
  const fits = savepoint && executor.fits(plan, savepoint);
  if (!json) {
    out(
      executor.explainText({
        kind: 'explain',
        details: ['CHANGELOG_MODE'],
        statement: query,
        span: query.span,
      }),
    );
    if (fits !== undefined) out(['', '== Savepoint ==', ...fitLines(fits, true)].join('\n'));
    return;
  }
  out(
    JSON.stringify({
      ast,
      plan: planText(plan),
      nodes: plan.nodes.map(({ node, id, inputs, traits }) => ({
        id,
        kind: nodeTitle(node).replace(/\(.*$/s, ''),
        changelogMode: changelogText(traits.changelog),
        upsertKey: traits.upsertKeys[0]?.map((k) => node.fields[k]!.name) ?? null,
        inputs: inputs.map((i) => plan.nodes[i]!.id),
      })),
      warnings: stateWarnings(plan),
      ...(fits === undefined ? {} : { savepoint: fits }),
    }),
  );
}
