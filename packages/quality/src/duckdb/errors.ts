/* What DuckDB answers, as errors of ours: whose mistake it is. */

import { ExternalError, MillraceError, UserError } from '#base';

/** A failure of `what` as one of ours. */
export function duckdbError(what: string, thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const [, kind = '', rest = text] = /^([A-Z][A-Za-z ]+?) Error: ([\s\S]*)$/.exec(text) ?? [];
  const message = `${what}: ${firstLines(rest)}`;
  if (/No files found/.test(rest))
    return new UserError('QLT1002', { message: `${what}: there is no such file`, cause: thrown });
  if (kind === 'Out of Memory')
    return new UserError('QLT2005', {
      message,
      hint: 'Give it more with --memory-limit, or check fewer columns.',
      cause: thrown,
    });
  if (['IO', 'HTTP', 'Permission'].includes(kind))
    return new ExternalError('QLT3001', { message, cause: thrown, retryable: false });
  return new UserError('QLT2006', { message, cause: thrown });
}
/** Behind the first lines stand its own hints about options that we set. */
const firstLines = (text: string): string => text.split(/\n\s*\n|\nLINE |\nPossible/)[0]!.trim();
