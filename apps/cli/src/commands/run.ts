/* millrace run: every statement of a file; a status line a job while they run, a summary at the end. */

import { basename, extname } from 'node:path';
import { UserError } from '#base';
import { Executor, type EngineJob } from '#engine';
import { inferFileTable } from '#connectors';
import { realWorld } from '#host';
import { allConnectors } from '../connectors.ts';
import { readText } from '../input.ts';
import { resultFormat } from '../results/formats.ts';
import { runScript } from '../script.ts';
import { onStop } from '../signals.ts';
import { StatusBoard, summary } from '../status.ts';
import { err, print, report, warn } from '../terminal.ts';
import { applySettings } from './sql.ts';

interface RunFlags {
  readonly target: string;
  readonly set: readonly string[];
  readonly name?: string;
  readonly stateDir?: string;
  readonly fresh?: boolean;
  readonly fromSavepoint?: string;
  readonly parallelism?: string;
  readonly format?: string;
  readonly json?: boolean;
}

export async function run(file: string, flags: RunFlags): Promise<number> {
  refuse(flags);
  const format = resultFormat(flags.format ?? 'table');
  const text = await readText(file);
  const world = realWorld();
  const json = flags.json === true;
  const board = new StatusBoard(world, !json && process.stderr.isTTY === true);
  const executor = new Executor({
    world,
    connectors: allConnectors(),
    fileTable: inferFileTable,
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
  const source = { text, ...(file === '-' ? {} : { name: file }) };
  const started: EngineJob[] = [];
  const names = new Set<string>();
  const stop = onStop(async () => {
    await Promise.all(executor.jobs.filter((j) => j.isLive).map((j) => j.stop()));
  });
  const base = flags.name ?? (file === '-' ? 'stdin' : basename(file, extname(file)));
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
        const targets =
          statement.kind === 'insert'
            ? [statement.target]
            : statement.kind === 'statement-set'
              ? statement.inserts.map((i) => i.target)
              : undefined;
        if (targets === undefined) return { name: flags.name ?? `${base}/select` };
        const name = flags.name ?? `${base}/${targets.map((t) => t.at(-1)!.text).join('_')}`;
        return { name: freeName(name, names) };
      },
      onJob: (job) => {
        started.push(job);
        board.add(job);
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
  }
}

/** The name, with a number behind it where an earlier job of the file has it. */
function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
  taken.add(free);
  return free;
}

/** What is promised for later says so. */
function refuse(flags: RunFlags): void {
  if (flags.target !== 'embedded')
    throw new UserError('CLI1002', {
      message: `--target ${flags.target} is not supported yet`,
      hint: 'Jobs run embedded.',
    });
  if (flags.fromSavepoint !== undefined)
    throw new UserError('CLI1002', {
      message: '--from-savepoint is not supported yet: savepoints come with checkpoints on disk',
    });
  if (flags.stateDir !== undefined)
    throw new UserError('CLI1002', {
      message:
        "--state-dir is not supported yet: state lives in memory, and a run starts by its sources' startup mode",
    });
}
