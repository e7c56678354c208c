/* millrace explain: DDL and SET of the file take effect, queries are planned and shown, nothing runs. */

import { UserError } from '#base';
import { Executor } from '#engine';
import { inferFileTable } from '#connectors';
import { realWorld } from '#host';
import { nodeTitle, planText, stateWarnings } from '#plan';
import { changelogText } from '#catalog';
import { parseScript, type ExplainStatement, type Statement } from '#sql';
import { allConnectors } from '../connectors.ts';
import { readText } from '../input.ts';
import { out, report, warn } from '../terminal.ts';

export async function explain(
  file: string | undefined,
  flags: { readonly e?: string; readonly json?: boolean },
): Promise<number> {
  if (file === undefined && flags.e === undefined)
    throw new UserError('CLI1001', { message: 'explain takes a file or -e STATEMENT' });
  const source = { text: flags.e ?? (await readText(file!)), ...(file === undefined ? {} : { name: file }) };
  const json = flags.json === true;
  const executor = new Executor({
    world: realWorld(),
    connectors: allConnectors(),
    fileTable: inferFileTable,
    warn,
  });
  try {
    for (const { statement } of parseScript(source.text)) {
      await executor.openFiles(statement);
      const query = explained(statement);
      if (query === undefined) await executor.execute(statement);
      else tell(executor, query, json);
    }
    return 0;
  } catch (thrown) {
    return report(thrown, { json, source });
  }
}

/** The query of a statement that would run one. */
export function explained(statement: Statement): ExplainStatement['statement'] | undefined {
  switch (statement.kind) {
    case 'select-statement':
    case 'insert':
    case 'statement-set':
    case 'create-table-as':
      return statement;
    case 'explain':
      return statement.statement;
    default:
      return undefined;
  }
}

function tell(executor: Executor, query: ExplainStatement['statement'], json: boolean): void {
  const { ast, plan } = executor.plan(query);
  if (!json) {
    out(
      executor.explainText({
        kind: 'explain',
        details: ['CHANGELOG_MODE'],
        statement: query,
        span: query.span,
      }),
    );
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
    }),
  );
}
