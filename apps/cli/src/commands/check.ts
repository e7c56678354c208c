/* millrace check: parse, bind and plan every statement; run and connect to nothing. */

import { toMillraceError } from '#base';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { stateWarnings } from '#plan';
import { parseScript } from '#sql';
import { allConnectors } from '../connectors.ts';
import { errorJson, exitCode, out, report, warn } from '../terminal.ts';
import { explained } from './explain.ts';
import { readText } from './run.ts';

export async function check(files: readonly string[], flags: { readonly json?: boolean }): Promise<number> {
  let code = 0;
  for (const file of files) code = Math.max(code, await checkFile(file, flags.json === true));
  return code;
}

async function checkFile(file: string, json: boolean): Promise<number> {
  let text = '';
  try {
    text = readText(file);
    const executor = new Executor({ world: realWorld(), connectors: allConnectors(), warn });
    const warnings: string[] = [];
    for (const { statement } of parseScript(text)) {
      const query = explained(statement);
      if (query === undefined) await executor.execute(statement);
      else warnings.push(...stateWarnings(executor.plan(query).plan));
    }
    if (json) out(JSON.stringify({ file, status: 'ok', warnings }));
    else {
      out(`${file}: ok`);
      for (const warning of warnings) warn(warning);
    }
    return 0;
  } catch (thrown) {
    const error = toMillraceError(thrown);
    if (json) out(JSON.stringify({ file, status: 'error', error: errorJson(error, file) }));
    report(error, { json, source: { text, name: file } });
    return exitCode(error);
  }
}
