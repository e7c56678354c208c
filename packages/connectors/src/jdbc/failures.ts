/* What PostgreSQL and the way to it can answer: whose mistake it is, and whether to try again. */

import { ExternalError, MillraceError, UserError } from '#base';

interface DatabaseError extends Error {
  /** SQLSTATE, or the operating system's code. */
  readonly code: string;
  readonly detail?: string;
}
const isDatabaseError = (error: unknown): error is DatabaseError =>
  error instanceof Error && 'code' in error && typeof error.code === 'string';

/** SQLSTATE classes that are about the statement, the data or the rights of the user, and come back the same.
 *  The others (connection, resources, operator, serialization, internal) may pass. */
const lasting = /^(0A|21|22|23|26|28|2B|3D|3F|42|44|54|P0)/;
const sqlState = /^[0-9A-Z]{5}$/;

/** A failure of `what` as one of ours. Without SQLSTATE it is the connection's. */
export function databaseError(what: string, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  if (!(error instanceof Error))
    return new ExternalError('JDBC2001', { message: `${what}: ${String(error)}`, cause: error });
  const state = isDatabaseError(error) && sqlState.test(error.code) ? error.code : undefined;
  if (state === undefined || !lasting.test(state))
    return new ExternalError('JDBC2001', { message: `${what}: ${reason(error)}`, cause: error });
  const detail = isDatabaseError(error) && error.detail !== undefined ? ` (${error.detail})` : '';
  return new UserError('JDBC1006', {
    message: `${what}: ${error.message}${detail} [SQLSTATE ${state}]`,
    cause: error,
    hint: hints[state],
  });
}

/** A refused connection to several addresses of a host has its message inside. */
function reason(error: Error): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) return error.errors[0].message;
  return error.message === '' ? String(isDatabaseError(error) ? error.code : error.name) : error.message;
}

const hints: Readonly<Record<string, string>> = {
  '28P01': `Check 'username' and 'password'.`,
  '28000': `Check 'username', 'password' and the server's pg_hba.conf.`,
  '3D000': `Check the database at the end of 'url'.`,
  '42501': 'The user of this connection has no right to it.',
  '42P10': 'The table needs a primary key or unique constraint on exactly the columns of PRIMARY KEY.',
  '42P01': `Check 'table-name'.`,
};

export const isPassing = (error: MillraceError): boolean => error instanceof ExternalError && error.retryable;
