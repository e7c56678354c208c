/* The lines of `--json` that stand around a statement's changes, wherever it ran: its header, its status, its error. */

import type { MillraceError } from '#base';
import { typeText, type Field } from '#data';
import type { Statement } from '#sql';
import { errorJson } from '../terminal.ts';

/** `fields`: of a statement with a result. `index` counts from 1 over all statements. */
export function headerLine(
  index: number,
  { span, text }: { readonly span: Statement['span']; readonly text: string },
  fields: readonly Field[] | undefined,
): string {
  const columns = fields?.map((f) => ({ name: f.name, type: typeText(f.type) }));
  return JSON.stringify({
    statement: index,
    line: span.line,
    sql: text,
    ...(columns === undefined ? {} : { columns }),
  });
}
/** `rows`: undefined where nobody knows how many. `ms` is rounded. */
export const statusLine = (
  index: number,
  status: 'ok' | 'stopped',
  { rows, ms, ...more }: { readonly rows: number | undefined; readonly ms: number },
): string =>
  JSON.stringify({
    statement: index,
    status,
    ...(rows === undefined ? {} : { rows }),
    ms: Math.round(ms),
    ...more,
  });
/** `file`: the source in which the statement stands, if it has a name. */
export const failureLine = (
  index: number,
  error: MillraceError,
  { job, file }: { readonly job: string | undefined; readonly file: string | undefined },
): string =>
  JSON.stringify({
    statement: index,
    status: 'error',
    ...(job === undefined ? {} : { job }),
    error: errorJson(error, file),
  });
