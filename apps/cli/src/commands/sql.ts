/* millrace sql: statements from -e, a file or standard input; on a terminal, the shell. */

import { readFileSync } from 'node:fs';
import { UserError } from '#base';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { allConnectors } from '../connectors.ts';
import { onSignal } from '../signals.ts';
import { runScript } from '../script.ts';
import { out, report, warn } from '../terminal.ts';

interface SqlFlags {
  readonly e?: string;
  readonly f?: string;
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly keepGoing?: boolean;
}

export async function sql(flags: SqlFlags): Promise<number> {
  const executor = new Executor({ world: realWorld(), connectors: allConnectors(), warn, print: out });
  applySettings(executor, flags.set);
  if (flags.e === undefined && flags.f === undefined && process.stdin.isTTY)
    return await (await import('../shell.ts')).shell(executor);
  const text = flags.e ?? readFileSync(flags.f ?? 0, 'utf8');
  const source = { text, ...(flags.f === undefined ? {} : { name: flags.f }) };
  const json = flags.json === true;
  const signal = onSignal(async () => {
    await Promise.all(executor.jobs.filter((j) => j.state === 'running').map((j) => j.stop()));
  });
  try {
    return await runScript(executor, {
      json,
      keepGoing: flags.keepGoing === true,
      source,
      stopped: () => signal.stopped,
    });
  } catch (thrown) {
    return report(thrown, { json, source });
  } finally {
    signal.off();
  }
}

/** --set k=v. */
export function applySettings(executor: Executor, pairs: readonly string[]): void {
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 0) throw new UserError('CLI1001', { message: `--set ${pair}: expected key=value` });
    const warning = executor.session.settings.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
    if (warning !== undefined) warn(warning);
  }
}
