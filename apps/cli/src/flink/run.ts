/* millrace run --target flink: the file is checked here, then submitted statement by statement in one session of a SQL
 * gateway. Results look as those of an embedded run; jobs of INSERTs are followed until they end. */

import { type MillraceError, toMillraceError, UserError } from '#base';
import { Gateway, splitSettings, type FlinkTarget } from '#flink';
import { realWorld } from '#host';
import { parseScript } from '#sql';
import { settingPairs } from '../commands/sql.ts';
import { readText } from '../input.ts';
import { resultFormat } from '../results/formats.ts';
import type { RunFlags } from '../run-flags.ts';
import { onStop } from '../signals.ts';
import { exitCode, report, warn } from '../terminal.ts';
import { errorsForFlink } from './checked.ts';
import { FlinkScript } from './script.ts';

/** Returns the exit code. Nothing is submitted of a file that has an error. */
export async function runOnFlink(file: string, flags: RunFlags): Promise<number> {
  const json = flags.json === true;
  const format = resultFormat(flags.format ?? 'table');
  const target = targetOf(flags);
  const text = await readText(file);
  const source = { text, ...(file === '-' ? {} : { name: file }) };
  const settings = settingPairs(flags.set).filter(([key]) => !key.startsWith('flink.'));
  const warnings: string[] = [];
  const errors = await errorsForFlink(text, file, warnings, settings);
  if (errors.length > 0) return refused(errors, json, source);
  for (const warning of warnings) warn(warning);
  const world = realWorld();
  const abort = new AbortController();
  const stop = onStop(async () => {
    abort.abort();
  });
  try {
    const session = await new Gateway(target.gateway, world).open(target.session);
    try {
      const properties = await session.properties();
      const script = new FlinkScript({
        world,
        session,
        target,
        properties,
        json,
        format,
        source,
        stop: abort.signal,
      });
      for (const [i, statement] of parseScript(text).entries()) {
        if (abort.signal.aborted || !(await script.statement(statement, i + 1))) break;
      }
      const code = await script.end();
      return code === 0 ? stop.code : code;
    } finally {
      await session.close();
    }
  } catch (thrown) {
    return report(toMillraceError(thrown), { json, source });
  } finally {
    stop.off();
  }
}

function refused(errors: readonly MillraceError[], json: boolean, source: { text: string }): number {
  for (const error of errors) report(error, { json, source });
  return Math.max(...errors.map(exitCode));
}

/** Throws FLK1001 and FLK1003 for settings, CLI1004 for flags that an embedded run alone has. */
function targetOf(flags: RunFlags): FlinkTarget {
  if (flags.stateDir !== undefined)
    throw new UserError('CLI1004', {
      message: '--state-dir is of embedded runs: a cluster keeps state where its own configuration says',
    });
  if (flags.alerts !== undefined)
    throw new UserError('CLI1004', {
      message: '--alerts is of embedded runs: a cluster has reporters of its own for its figures',
    });
  const { name, parallelism, fromSavepoint, allowNonRestoredState } = flags;
  return splitSettings([
    ...settingPairs(flags.set),
    ...(name === undefined ? [] : [['pipeline.name', name] as const]),
    ...(parallelism === undefined ? [] : [['parallelism.default', parallelism] as const]),
    ...(fromSavepoint === undefined ? [] : [['execution.state-recovery.path', fromSavepoint] as const]),
    ...(allowNonRestoredState === true
      ? [['execution.state-recovery.ignore-unclaimed-state', 'true'] as const]
      : []),
  ]);
}
