/* Runs statements through the engine with the connectors of this package, as the command does it: jobs run
 * until they end. Returns what was printed, and the changes of each SELECT as text. */

import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseScript } from '#sql';
import { connectors } from '../src/index.ts';
import { cellText } from '../src/print/row-text.ts';

const registry = new Map(connectors.map((descriptor) => [descriptor.name, descriptor]));

export interface SqlRun {
  readonly printed: string[];
  readonly changes: string[];
  readonly warnings: string[];
}

export async function runSql(text: string): Promise<SqlRun> {
  const run: SqlRun = { printed: [], changes: [], warnings: [] };
  const executor = new Executor({
    world: realWorld(),
    connectors: registry,
    print: (line) => {
      run.printed.push(line);
      return undefined;
    },
    warn: (message) => {
      run.warnings.push(message);
    },
  });
  for (const { statement } of parseScript(text)) {
    const execution = await executor.execute(statement);
    if (execution.kind === 'job') await execution.job.done;
    if (execution.kind !== 'query') continue;
    const texts = execution.fields.map((f) => cellText(f.type));
    for (;;) {
      const changes = await execution.changes.next();
      if (changes === undefined) break;
      for (const { kind, row } of changes)
        run.changes.push(`${kind}[${row.map((v, i) => texts[i]!(v)).join(', ')}]`);
    }
  }
  return run;
}
