/* 'table.exec.emit.*': when the results of windows go out beside their end. Flink: WindowEmitStrategy. */

import { UserError } from '#base';
import type { WindowSpec } from '../../logical/field.ts';
import type { EmitStrategy } from '../nodes/emit-window-aggregate.ts';
import type { Conversion } from './rule.ts';

const early = 'table.exec.emit.early-fire';
const late = 'table.exec.emit.late-fire';
const latenessKey = 'table.exec.emit.allow-lateness';

/** The strategy that the session asks for, or undefined where windows go out at their end alone. `window`: undefined for rows
 *  that carry their window. Throws PLAN2014 where there can be none. */
export function emitStrategy(
  window: WindowSpec | undefined,
  { session }: Conversion,
): EmitStrategy | undefined {
  const { settings } = session;
  const on = (key: string): boolean => settings.get(`${key}.enabled`).toLowerCase() === 'true';
  if (settings.batch || (!on(early) && !on(late))) return undefined;
  if (window === undefined || window.tableFunction)
    throw new UserError('PLAN2014', {
      message: `Currently, window table function based aggregate doesn't support early-fire and late-fire configuration '${early}.enabled' and '${late}.enabled'.`,
      hint: "Write the window in GROUP BY: GROUP BY TUMBLE(ts, INTERVAL '1' MINUTE); or RESET the settings.",
    });
  if (window.kind === 'session')
    throw new UserError('PLAN2014', {
      message: "Session window doesn't support EMIT strategy currently.",
      hint: `RESET '${early}.enabled' and '${late}.enabled' for this statement.`,
    });
  const delay = (key: string): number | undefined => {
    if (!on(key)) return undefined;
    if (settings.get(`${key}.delay`) !== '') return settings.durationMs(`${key}.delay`);
    throw new UserError('PLAN2014', {
      message: `'${key}.enabled' needs '${key}.delay'`,
      hint: `SET '${key}.delay' = '0 s' lets results go out with each row.`,
    });
  };
  const earlyMs = delay(early);
  const lateMs = delay(late);
  const latenessMs = lateMs === undefined ? 0 : lateness(window, settings);
  if (lateMs !== undefined && window.timeKind === 'rowtime' && lateMs > latenessMs)
    throw new UserError('PLAN2014', {
      message: `Allow-lateness [${latenessMs}ms] should not be smaller than Late-fire delay [${lateMs}ms] when enable late-fire emit strategy.`,
      hint: `Results of late rows would wait longer than windows take such rows: lower '${late}.delay', or raise '${latenessKey}'.`,
    });
  return { earlyMs, lateMs, latenessMs };
}

function lateness({ timeKind }: WindowSpec, settings: Conversion['session']['settings']): number {
  if (timeKind === 'proctime') return 0;
  const ms = settings.durationMs(settings.get(latenessKey) === '' ? 'table.exec.state.ttl' : latenessKey);
  if (ms > 0) return ms;
  throw new UserError('PLAN2014', {
    message: `The 'AFTER WATERMARK' emit strategy requires set '${latenessKey}' or 'table.exec.state.ttl'.`,
    hint: `SET '${latenessKey}' = '1 min': so long behind its end a window still takes rows.`,
  });
}
