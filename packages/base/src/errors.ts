/* The three kinds of error, never mixed:
 *   user      fix the query or the data; never retried       exit 2
 *   external  a broker, a disk, a database; retried           exit 3
 *   bug       an assertion of ours failed; stop, keep proof   exit 1
 */

/** A stretch of SQL text: offsets in UTF-16 units, line and column from 1. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

export interface ErrorDetails {
  readonly message: string;
  /** Where in the SQL text; shown as line:column with a caret. */
  readonly at?: Span | undefined;
  /** What the user can do about it. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** Base of the errors that a user may meet. `code` is stable and documented. */
export abstract class MillraceError extends Error {
  abstract readonly class: 'user' | 'external' | 'bug';
  readonly code: string;
  readonly at: Span | undefined;
  readonly hint: string | undefined;

  constructor(code: string, details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.at = details.at;
    this.hint = details.hint;
  }
}

/** The user's mistake: a query, an option, a row of data. */
export class UserError extends MillraceError {
  readonly class = 'user' as const;
  override readonly name = 'UserError';
}

/** Something outside failed. `retryable` says whether the same call may succeed later. */
export class ExternalError extends MillraceError {
  readonly class = 'external' as const;
  override readonly name = 'ExternalError';
  readonly retryable: boolean;

  constructor(code: string, details: ErrorDetails & { readonly retryable?: boolean }) {
    super(code, details);
    this.retryable = details.retryable ?? true;
  }
}

/** A defect of ours. */
export class BugError extends MillraceError {
  readonly class = 'bug' as const;
  override readonly name = 'BugError';

  constructor(message: string, cause?: unknown) {
    super('BUG', {
      message,
      cause,
      hint: 'This is a defect in Millrace; please report it with the message above.',
    });
  }
}

/** Any thrown value as one of ours. What the operating system refused is external; all else that is not ours is a
 *  bug. */
export function toMillraceError(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  if (thrown instanceof Error && 'errno' in thrown && 'syscall' in thrown)
    return new ExternalError('SYS2001', { message: thrown.message, cause: thrown, retryable: false });
  return new BugError(thrown instanceof Error ? thrown.message : String(thrown), thrown);
}

/** The text that a user sees: `CODE at line:column: message`, the line with a caret, the hint. */
export function renderError(
  error: MillraceError,
  source?: { readonly text: string; readonly name?: string },
): string {
  const where = error.at
    ? ` at ${source?.name ? `${source.name}:` : ''}${error.at.line}:${error.at.column}`
    : '';
  const lines = [`${error.code}${where}: ${error.message}`];
  if (error.at && source) {
    const line = source.text.split('\n')[error.at.line - 1] ?? '';
    const shown = line.replaceAll('\t', ' ');
    const width = Math.max(1, Math.min(error.at.end - error.at.start, shown.length - error.at.column + 1));
    lines.push(`  ${shown}`, `  ${' '.repeat(error.at.column - 1)}${'^'.repeat(width)}`);
  }
  if (error.hint) lines.push(`hint: ${error.hint}`);
  return lines.join('\n');
}
