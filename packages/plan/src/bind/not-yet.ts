/* What parses but cannot be planned yet says so by name. */

import { UserError, type Span } from '#base';
import type { Refusal } from '../logical/nodes/refused.ts';

export function notYet(what: string, at: Span | undefined): UserError {
  const { code, ...details } = notPlannedYet(what, at);
  return new UserError(code, details);
}
/** The same of what is right as it stands, and is refused when somebody plans it. */
export const notPlannedYet = (what: string, at: Span | undefined): Refusal => ({
  code: 'SQL9001',
  at,
  message: `${what} is not supported yet`,
});
