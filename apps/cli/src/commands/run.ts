/* millrace run: every statement of a file; a status line a job while they run, a summary at the end. Jobs keep their state
 * on disk, and go on from it when they are started again. */

import { basename, dirname, extname } from 'node:path';
import { toMillraceError, UserError, type World } from '#base';
import { Executor, readSavepoint, type EngineJob, type StateChoice } from '#engine';
import { inferFileTable, modelProviders } from '#connectors';
import { modulesFrom, realWorld } from '#host';
import { parseEachStatement, type Statement } from '#sql';
import { checksFrom } from '../checks.ts';
import { allConnectors, catalogTypes } from '../connectors.ts';
import { readText } from '../input.ts';
import { AlertWatch } from '../jobs/alert-watch.ts';
import { JobsServer } from '../jobs/server.ts';
import { fitLines } from '../jobs/fit-lines.ts';
import { stateDirOf } from '../jobs/state-dir.ts';
import { resultFormat } from '../results/formats.ts';
import type { RunFlags } from '../run-flags.ts';
import { runScript } from '../script.ts';
import { onStop } from '../signals.ts';
import { clockText, durationText, StatusBoard, summary } from '../status.ts';
import { threads } from '../threads.ts';
import { err, print, report, warn } from '../terminal.ts';
import { alertsOf } from '../validate/alerts.ts';
import { duration } from '../validate/flags.ts';
import { applySettings } from './sql.ts';

const alertsEveryDefault = '10s';
const alertsEveryMsMin = 100;

export async function run(file: string, flags: RunFlags): Promise<number> {
  if (flags.target === 'flink') return await (await import('../flink/run.ts')).runOnFlink(file, flags);
  refuse(flags);
  const format = resultFormat(flags.format ?? 'table');
  const alerts = await alertsOf(flags);
  if (typeof alerts === 'number') return alerts;
  const alertsEveryMs = Math.max(
    alertsEveryMsMin,
    duration('alerts-every', flags.alertsEvery ?? alertsEveryDefault),
  );
  const text = await readText(file);
  const world = realWorld();
  const json = flags.json === true;
  const board = new StatusBoard(world, !json && process.stderr.isTTY === true);
  const executor = new Executor({
    world,
    connectors: allConnectors(),
    catalogTypes,
    modelProviders,
    fileTable: inferFileTable,
    loadModule: modulesFrom(dirname(file)),
    loadChecks: checksFrom(dirname(file)),
    threads,
    warn: (message) => {
      board.clear();
      warn(message);
    },
    print: (line) => {
      board.clear();
      return print(line);
    },
  });
  applySettings(executor, [
    ...flags.set,
    ...(flags.parallelism ? [`parallelism.default=${flags.parallelism}`] : []),
  ]);
  const state = { stateDir: stateDirOf(flags.stateDir), fresh: flags.fresh === true };
  const base = flags.name ?? (file === '-' ? 'stdin' : basename(file, extname(file)));
  const fromSavepoint = await savepointChoice(flags, text, base);
  const server = new JobsServer(state.stateDir, () => started);
  const source = { text, ...(file === '-' ? {} : { name: file }) };
  const started: EngineJob[] = [];
  let listening: Promise<void> | undefined;
  const names = new Set<string>();
  const watch =
    alerts &&
    new AlertWatch({
      config: alerts,
      stateFile: flags.alertsState ?? `.millrace/alerts-${encodeURIComponent(base)}.json`,
      everyMs: alertsEveryMs,
      world,
      jobs: () => started,
      warn: (message) => {
        board.clear();
        warn(message);
      },
    });
  const stop = onStop(async () => {
    await Promise.all(executor.jobs.filter((j) => j.isLive).map((j) => j.stop()));
  });
  try {
    const code = await runScript(executor, {
      json,
      format,
      keepGoing: false,
      sumsUp: true,
      sources: [source],
      stopped: () => stop.stopped,
      beforeText: () => {
        board.clear();
      },
      jobOptions: ({ statement }) => {
        const name = nameOf(statement, flags, base);
        if (name === undefined) return { name: flags.name ?? `${base}/select` };
        const free = freeName(name, names);
        return { name: free, state: { ...state, ...fromSavepoint(free) } };
      },
      onJob: (job) => {
        if (started.push(job) === 1)
          listening = server.listen().catch((thrown: unknown) => {
            board.clear();
            warn(toMillraceError(thrown).message);
          });
        board.add(job);
        const resumed = job.resumedFrom;
        if (resumed !== undefined) {
          board.clear();
          const from =
            job.fits.length > 0 ? `the savepoint ${flags.fromSavepoint}` : `checkpoint ${resumed.epoch}`;
          warn(`${job.name} goes on from ${from}, taken ${takenText(resumed.takenAt, world)}`);
          for (const line of fitLines(job.fits, false)) warn(`${job.name}: ${line}`);
        }
      },
      onQuery: (job) => {
        board.watch(job);
      },
    });
    board.close();
    if (!json) for (const job of started) err(summary(job));
    return code === 0 ? stop.code : code;
  } catch (thrown) {
    board.close();
    return report(thrown, { json, source });
  } finally {
    stop.off();
    await watch?.close();
    await listening;
    await server.close();
  }
}

/** Which job goes on from the savepoint: the only one, or the one that it is of. Throws UserError where none is. */
async function savepointChoice(
  flags: RunFlags,
  text: string,
  base: string,
): Promise<(name: string) => Pick<StateChoice, 'fromSavepoint' | 'allowNonRestored'>> {
  const { fromSavepoint, allowNonRestoredState } = flags;
  if (fromSavepoint === undefined) return () => ({});
  const { job } = await readSavepoint(realWorld().disk, fromSavepoint);
  const taken = new Set<string>();
  const statements = parseEachStatement(text);
  const jobs = statements.flatMap((s) => {
    const name = 'statement' in s ? nameOf(s.statement, flags, base) : undefined;
    return name === undefined ? [] : [freeName(name, taken)];
  });
  // A text that does not parse is reported as that.
  if (jobs.length !== 1 && !jobs.includes(job) && statements.every((s) => 'statement' in s))
    throw new UserError('CLI1004', {
      message: `the savepoint ${fromSavepoint} is of the job '${job}', and no job of the file has this name`,
      hint: jobs.length === 0 ? 'The file has no INSERT.' : `Its jobs are ${jobs.join(', ')}.`,
    });
  return (name) =>
    jobs.length === 1 || name === job
      ? { fromSavepoint, allowNonRestored: allowNonRestoredState === true }
      : {};
}

/** What the job of an INSERT or a STATEMENT SET is called; undefined of other statements. */
function nameOf(statement: Statement, flags: RunFlags, base: string): string | undefined {
  const targets =
    statement.kind === 'insert'
      ? [statement.target]
      : statement.kind === 'create-table-as'
        ? [statement.name]
        : statement.kind === 'statement-set'
          ? statement.inserts.map((i) => i.target)
          : undefined;
  return targets && (flags.name ?? `${base}/${targets.map((t) => t.at(-1)!.text).join('_')}`);
}

/** The name, with a number behind it where an earlier job of the file has it. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
  taken.add(free);
  return free;
}

/** Throws CLI1002 for a target that there is not. */
function refuse(flags: RunFlags): void {
  if (flags.target !== 'embedded')
    throw new UserError('CLI1002', {
      message: `--target ${flags.target}: expected embedded or flink`,
    });
}

/** 12:34:56 UTC, 3.2 s ago. */
function takenText(at: number, world: World): string {
  return `${clockText(at)}, ${durationText(Math.max(0, world.now() - at))} ago`;
}
