/* Errors between threads: what a clone would lose of them, as plain data. */

import {
  BugError,
  ExternalError,
  type MillraceError,
  toMillraceError,
  UserError,
  type Span,
} from './errors.ts';

export interface ErrorMessage {
  readonly class: MillraceError['class'];
  readonly code: string;
  readonly message: string;
  readonly at: Span | undefined;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly stack: string | undefined;
}

export function errorMessage(thrown: unknown): ErrorMessage {
  const error = toMillraceError(thrown);
  const { code, message, at, hint } = error;
  const cause = error.cause instanceof Error ? error.cause : error;
  return {
    class: error.class,
    code,
    message,
    at,
    hint,
    retryable: error instanceof ExternalError && error.retryable,
    stack: cause.stack,
  };
}
/** The error again; where it was thrown stands in its cause. */
export function errorOf(sent: ErrorMessage): MillraceError {
  const { code, message, at, hint, retryable } = sent;
  const cause = Object.assign(new Error(message), { stack: sent.stack });
  switch (sent.class) {
    case 'user':
      return new UserError(code, { message, at, hint, cause });
    case 'external':
      return new ExternalError(code, { message, at, hint, retryable, cause });
    case 'bug':
      return new BugError(message, cause);
  }
}
