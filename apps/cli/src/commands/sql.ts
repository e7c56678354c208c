/* millrace sql: statements from -e, files or standard input, in the order given; on a terminal, the shell. */

import { UserError } from '#base';
import { Executor, type EngineJob } from '#engine';
import { inferFileTable, modelProviders } from '#connectors';
import { modulesFrom, realWorld } from '#host';
import { checksFrom } from '../checks.ts';
import { allConnectors, catalogTypes } from '../connectors.ts';
import { readStandardInput, readText } from '../input.ts';
import { resultFormat } from '../results/formats.ts';
import type { Source } from '../origins.ts';
import { runScript } from '../script.ts';
import { onStop } from '../signals.ts';
import { StatusBoard } from '../status.ts';
import { threads } from '../threads.ts';
import { print, report, warn } from '../terminal.ts';

/** One -e or -f, in the order of the command line. */
export type SqlPart = { readonly text: string } | { readonly file: string };

interface SqlFlags {
  readonly parts: readonly SqlPart[];
  readonly set: readonly string[];
  readonly format?: string;
  readonly json?: boolean;
  readonly keepGoing?: boolean;
}

export async function sql(flags: SqlFlags): Promise<number> {
  const format = resultFormat(flags.format ?? 'table');
  const world = realWorld();
  const executor = new Executor({
    world,
    connectors: allConnectors(),
    catalogTypes,
    modelProviders,
    fileTable: inferFileTable,
    loadModule: modulesFrom('.'),
    loadChecks: checksFrom('.'),
    threads,
    warn,
    print,
  });
  applySettings(executor, flags.set);
  if (flags.parts.length === 0 && process.stdin.isTTY)
    return await (await import('../shell/shell.ts')).shell(executor, format);
  const sources = await readParts(flags.parts);
  const json = flags.json === true;
  const board = new StatusBoard(world, false);
  const watch = (job: EngineJob): void => {
    board.watch(job);
  };
  const stop = onStop(async () => {
    await Promise.all(executor.jobs.filter((j) => j.isLive).map((j) => j.stop()));
  });
  try {
    const code = await runScript(executor, {
      json,
      format,
      keepGoing: flags.keepGoing === true,
      sources,
      sumsUp: false,
      stopped: () => stop.stopped,
      onJob: watch,
      onQuery: watch,
    });
    return code === 0 ? stop.code : code;
  } catch (thrown) {
    return report(thrown, { json });
  } finally {
    board.close();
    stop.off();
  }
}

async function readParts(parts: readonly SqlPart[]): Promise<Source[]> {
  if (parts.length === 0) return [{ text: await readStandardInput() }];
  const sources: Source[] = [];
  for (const part of parts) {
    if ('text' in part) sources.push({ text: part.text });
    else sources.push({ text: await readText(part.file), name: part.file });
  }
  return sources;
}

/** --set k=v. */
export function applySettings(executor: Executor, pairs: readonly string[]): void {
  for (const [key, value] of settingPairs(pairs)) {
    const warning = executor.session.settings.set(key, value);
    if (warning !== undefined) warn(warning);
  }
}

/** Key and value of each. Throws CLI1001 for what is no pair. */
export function settingPairs(pairs: readonly string[]): (readonly [string, string])[] {
  return pairs.map((pair) => {
    const at = pair.indexOf('=');
    if (at < 0) throw new UserError('CLI1001', { message: `--set ${pair}: expected key=value` });
    return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
}
