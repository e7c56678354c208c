/* What parses but cannot be planned yet says so by name. */

import { UserError, type Span } from '#base';

export function notYet(what: string, at: Span | undefined): UserError {
  return new UserError('SQL9001', { at, message: `${what} is not supported yet` });
}
