/* millrace run: every statement of a file; a status line a job while they run, a summary at the end. */

import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { ExternalError, UserError } from '#base';
import { Executor, type EngineJob } from '#engine';
import { realWorld } from '#host';
import { allConnectors } from '../connectors.ts';
import { StatusBoard, summary } from '../status.ts';
import { onSignal } from '../signals.ts';
import { runScript } from '../script.ts';
import { err, out, report, warn } from '../terminal.ts';
import { applySettings } from './sql.ts';

interface RunFlags {
  readonly target: string;
  readonly set: readonly string[];
  readonly name?: string;
  readonly stateDir?: string;
  readonly fresh?: boolean;
  readonly fromSavepoint?: string;
  readonly parallelism?: string;
  readonly json?: boolean;
}

export async function run(file: string, flags: RunFlags): Promise<number> {
  refuse(flags);
  const text = readText(file);
  const executor = new Executor({ world: realWorld(), connectors: allConnectors(), warn, print: out });
  applySettings(executor, [
    ...flags.set,
    ...(flags.parallelism ? [`parallelism.default=${flags.parallelism}`] : []),
  ]);
  const json = flags.json === true;
  const source = { text, name: file };
  const board = new StatusBoard(executor.world, !json && process.stderr.isTTY === true);
  const started: EngineJob[] = [];
  const signal = onSignal(async () => {
    await Promise.all(executor.jobs.filter((j) => j.state === 'running').map((j) => j.stop()));
  });
  const base = flags.name ?? basename(file, extname(file));
  try {
    const code = await runScript(executor, {
      json,
      keepGoing: false,
      source,
      stopped: () => signal.stopped,
      jobOptions: ({ statement }) => {
        const target =
          statement.kind === 'insert'
            ? statement.target.at(-1)!.text
            : statement.kind === 'statement-set'
              ? statement.inserts.map((i) => i.target.at(-1)!.text).join('_')
              : 'select';
        return { name: flags.name ?? `${base}/${target}` };
      },
      onJob: (job) => {
        started.push(job);
        board.add(job);
      },
    });
    board.close();
    if (!json) for (const job of started) err(summary(job, executor.world));
    return code;
  } catch (thrown) {
    board.close();
    return report(thrown, { json, source });
  } finally {
    signal.off();
  }
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

export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new UserError('CLI1003', { message: `there is no file ${file}` });
    throw new ExternalError('CLI3001', {
      message: `${file} cannot be read: ${(cause as Error).message}`,
      cause,
    });
  }
}
