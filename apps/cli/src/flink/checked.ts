/* A file before it goes to Flink: parsed whole, what exists only here refused, the rest checked as `millrace check` does, up
 * to the first statement that only Flink runs. */

import { UserError, type MillraceError } from '#base';
import { onlyOnFlink, refusals } from '#flink';
import { parseEachStatement, type ScriptStatement } from '#sql';
import { errorsOf } from '../file-errors.ts';

/** What is not there yet here may be there on Flink. */
const notYetCode = 'SQL9001';

/** Where Flink is the stricter one unless it is told otherwise. */
const defaultsThere = [['table.exec.sink.require-on-conflict', 'true']] as const;

/** Every error of the text: of SQL, and FLK1002 for each thing that exists only here. */
export async function errorsForFlink(
  text: string,
  file: string,
  warnings: string[],
  settings: readonly (readonly [string, string])[] = [],
): Promise<MillraceError[]> {
  const parsed = parseEachStatement(text);
  const good = parsed.filter((s): s is ScriptStatement => 'statement' in s);
  const refused = refusals(good).map(
    ({ at, message, hint }) => new UserError('FLK1002', { at, message, hint }),
  );
  const foreign = good.find(({ statement }) => onlyOnFlink(statement));
  const end = foreign?.span.start ?? text.length;
  const broken = parsed.flatMap((s) => ('error' in s && s.span.start >= end ? [s.error] : []));
  // The rest has its own errors already where it cannot run: what a refused statement would have made is missing then.
  const here = await errorsOf(text.slice(0, end), file, [], [...defaultsThere, ...settings]);
  const own = refused.length > 0 ? here.filter((e) => e.code.startsWith('SQL0')) : here;
  if (foreign !== undefined)
    warnings.push(
      `from line ${foreign.span.line} on it is checked by Flink alone, which runs what Millrace does not`,
    );
  for (const error of own.filter((e) => e.code === notYetCode))
    warnings.push(`line ${error.at?.line ?? 0}: ${error.message} here, so Flink alone checks it`);
  return [...refused, ...own.filter((e) => e.code !== notYetCode), ...broken];
}
