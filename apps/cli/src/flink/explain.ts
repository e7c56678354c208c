/* millrace explain --target flink: the file as Flink gets it, in canonical text with every name quoted. */

import { renderFile } from '#flink';
import { parseScript } from '#sql';
import type { Source } from '../origins.ts';
import { exitCode, out, report, warn } from '../terminal.ts';
import { errorsForFlink } from './checked.ts';

/** Returns the exit code; with an error the file is not shown. */
export async function explainForFlink(source: Source, json: boolean): Promise<number> {
  const warnings: string[] = [];
  const errors = await errorsForFlink(source.text, source.name ?? '-', warnings);
  if (errors.length > 0) {
    for (const error of errors) report(error, { json, source });
    return Math.max(...errors.map(exitCode));
  }
  if (!json) for (const warning of warnings) warn(warning);
  const statements = renderFile(parseScript(source.text));
  out(
    json
      ? JSON.stringify({ target: 'flink', statements, warnings })
      : statements.map(({ sql }) => `${sql};`).join('\n\n'),
  );
  return 0;
}
