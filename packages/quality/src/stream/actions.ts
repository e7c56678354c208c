/* What becomes of a row that an expectation does not hold for: meta.millrace.action of the expectation, or what the table says. */

import { UserError } from '#base';
import type { ExpectationConfig } from '../suite/suite.ts';

export const streamActions = ['warn', 'drop', 'dead-letter', 'fail'] as const;
export type StreamAction = (typeof streamActions)[number];

/** Throws QLT3004 for one that there is not, or that a share of rows cannot have. */
export function actionOf(
  { type, meta }: ExpectationConfig,
  otherwise: StreamAction,
  mostly: number,
): StreamAction {
  const millrace = meta?.['millrace'] as Record<string, unknown> | undefined;
  const given = millrace?.['action'];
  const known = streamActions.find((a) => a === given);
  if (given !== undefined && known === undefined)
    throw new UserError('QLT3004', {
      message: `${type}: meta.millrace.action is ${JSON.stringify(given)}, expected one of ${streamActions.join(', ')}`,
    });
  // One row says nothing of a share of rows: the window does.
  if (mostly === 1) return known ?? otherwise;
  if (known === 'fail')
    throw new UserError('QLT3004', {
      message: `${type}: meta.millrace.action is "fail", and mostly ${mostly} lets some rows be unexpected`,
      hint: 'Use warn, drop or dead-letter; whether enough rows are as expected stands in <table>$quality.',
    });
  return known ?? (otherwise === 'fail' ? 'warn' : otherwise);
}
