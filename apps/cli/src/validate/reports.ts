/* Where reports go: files of each form, and a folder of what earlier runs came to. */

import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { countsOf, jsonText, reportHtml, reportJson, reportJunit, type PastRun, type Report } from '#quality';
import type { ValidateFlags } from './flags.ts';

/** Runs that the page of a report shows. */
const pastRunsMax = 30;

export async function writeReports(
  report: Report,
  flags: Pick<ValidateFlags, 'output' | 'html' | 'junit' | 'history'>,
): Promise<void> {
  if (flags.output !== undefined) await write(flags.output, `${reportJson(report, 2)}\n`);
  if (flags.junit !== undefined) await write(flags.junit, reportJunit(report));
  const past = flags.history === undefined ? [] : await keepHistory(report, flags.history);
  if (flags.html !== undefined) await write(flags.html, reportHtml(report, past));
}
/** Makes the folder too. */
export async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
/** Adds the run to the folder; returns the last ones, this one included. */
async function keepHistory(report: Report, folder: string): Promise<PastRun[]> {
  const { run_time: runTime } = report.result.meta;
  const { passed, failed } = countsOf(report);
  await write(
    join(folder, `run-${runTime.replaceAll(/[:.]/g, '-')}.json`),
    `${jsonText({ runTime, passed, failed })}\n`,
  );
  const names = (await readdir(folder)).filter((name) => /^run-.*\.json$/.test(name)).sort();
  const runs: PastRun[] = [];
  for (const name of names.slice(-pastRunsMax)) {
    const run = JSON.parse(await readFile(join(folder, name), 'utf8')) as PastRun;
    if (typeof run.passed === 'number') runs.push(run);
  }
  return runs;
}
