/* millrace check: parse, bind and plan every statement; run and connect to nothing. An error ends nothing: what follows is
 * checked too, and all are shown. */

import { type MillraceError, toMillraceError, UserError } from '#base';
import { readText } from '../input.ts';
import { errorJson, exitCode, out, report, warn } from '../terminal.ts';
import { errorsOf } from '../file-errors.ts';

interface CheckFlags {
  readonly json?: boolean;
  readonly for?: string;
}

export async function check(files: readonly string[], flags: CheckFlags): Promise<number> {
  let code = 0;
  for (const file of files) code = Math.max(code, await checkFile(file, flags));
  return code;
}

/** What a file is checked for: an embedded run, or another target. */
async function checkerOf(target: string | undefined): Promise<typeof errorsOf> {
  if (target === undefined || target === 'embedded') return errorsOf;
  if (target === 'flink') return (await import('../flink/checked.ts')).errorsForFlink;
  throw new UserError('CLI1004', { message: `--for ${target}: expected embedded or flink` });
}

async function checkFile(file: string, flags: CheckFlags): Promise<number> {
  const json = flags.json === true;
  const errorsFor = await checkerOf(flags.for);
  const warnings: string[] = [];
  let text = '';
  let errors: readonly MillraceError[];
  try {
    text = await readText(file);
    errors = await errorsFor(text, file, warnings);
  } catch (thrown) {
    errors = [toMillraceError(thrown)];
  }
  if (json) {
    const status = errors.length > 0 ? 'error' : 'ok';
    const shown = errors.map((e) => errorJson(e, file));
    out(
      JSON.stringify({
        file,
        status,
        ...(shown.length > 0 ? { error: shown[0], errors: shown } : {}),
        warnings,
      }),
    );
  } else {
    if (errors.length === 0) out(`${file}: ok`);
    for (const warning of warnings) warn(`${file}: ${warning}`);
  }
  for (const error of errors) report(error, { json, source: { text, name: file } });
  if (errors.length > 1 && !json) out(`${file}: ${errors.length} errors`);
  return Math.max(0, ...errors.map((error) => (error.code === 'FLK1002' ? 4 : exitCode(error))));
}
