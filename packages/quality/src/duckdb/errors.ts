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
  const [, extension] = /extension "?(\w+)"?/.exec(rest) ?? [];
  if (extension !== undefined && /install|load|download/i.test(rest))
    return new ExternalError('QLT3001', {
      message: `${what}: DuckDB reads this with its extension ${extension}, which is not installed here and could not be fetched`,
      hint: `Install it once where there is a network: INSTALL ${extension}; in DuckDB of the same version. Keys of S3 are those of AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION.`,
      cause: thrown,
      retryable: false,
    });
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
