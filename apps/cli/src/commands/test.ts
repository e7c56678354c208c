/* millrace test: test files in their modes, or their expectations rewritten; with --watch, again at every change. */

import { dirname } from 'node:path';
import { readFileSync, writeFileSync } from 'node:fs';
import { toMillraceError, UserError } from '#base';
import { modulesFrom } from '#host';
import { modes, updateTestFile, type Mode } from '#testkit';
import { checksFrom } from '../checks.ts';
import { allConnectors } from '../connectors.ts';
import { modelProviders } from '#connectors';
import { err, errorJson, out } from '../terminal.ts';
import { checkTests, findTests, reader, type TestFlags } from './test-run.ts';

export async function test(paths: readonly string[], flags: TestFlags): Promise<number> {
  if (flags.mode !== 'all' && !modes.includes(flags.mode as Mode))
    throw new UserError('CLI1001', { message: `--mode ${flags.mode}: expected ${modes.join(', ')} or all` });
  const files = findTests(paths);
  if (flags.watch === true) return await (await import('./test-watch.ts')).watchTests(paths, flags);
  return flags.update ? await update(files, flags) : (await checkTests(files, flags)).code;
}

async function update(files: readonly string[], flags: TestFlags): Promise<number> {
  let code = 0;
  for (const file of files) {
    const before = readFileSync(file, 'utf8');
    try {
      const { text, failure } = await updateTestFile(
        before,
        {
          connectors: allConnectors(),
          modelProviders,
          loadModule: modulesFrom(dirname(file)),
          loadChecks: checksFrom(dirname(file)),
        },
        flags.style === 'json' ? 'json' : 'table',
        reader(file, new Set()),
      );
      if (text !== before) {
        writeFileSync(file, text);
        out(`${file}: updated`);
      }
      if (failure === undefined) continue;
      err(`${file}:${failure.line} ${failure.message}`);
    } catch (thrown) {
      // A file that does not parse.
      const error = toMillraceError(thrown);
      if (error.class === 'bug') throw error;
      const { line, message } = errorJson(error, file);
      err(`${file}:${line ?? 1} ${message}`);
    }
    code = 2;
  }
  return code;
}
