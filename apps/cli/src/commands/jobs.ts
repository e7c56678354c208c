/* millrace jobs: what runs with its state in a folder, and its end. */

import { formatBytes, UserError } from '#base';
import { formatTimestamp } from '#expr';
import { realWorld } from '#host';
import { accountsLine } from '../accounts.ts';
import { checkLines } from '../check-lines.ts';
import { driftLines, evolvedLines } from '../drift-lines.ts';
import { allJobs, endJob, takeSavepoint } from '../jobs/client.ts';
import type { JobReport } from '../jobs/job-report.ts';
import { stateDirOf } from '../jobs/state-dir.ts';
import { watermarkLines } from '../jobs/watermark-lines.ts';
import { durationText } from '../status.ts';
import { out } from '../terminal.ts';

interface Flags {
  readonly json?: boolean;
  readonly stateDir?: string;
  readonly savepoint?: string;
  readonly watermarks?: boolean;
}

export async function jobs(
  action: string,
  name: string | undefined,
  path: string | undefined,
  flags: Flags,
): Promise<number> {
  const stateDir = stateDirOf(flags.stateDir);
  const world = realWorld();
  switch (action) {
    case 'list': {
      const found = await allJobs(world, stateDir);
      if (flags.json === true)
        for (const { operators: _, watermarks: __, ...report } of found) out(JSON.stringify(report));
      else if (found.length === 0) out(`no job keeps its state in ${stateDir}`);
      else for (const report of found) out(line(report, world.now()));
      return 0;
    }
    case 'show': {
      const report = (await allJobs(world, stateDir)).find((r) => r.name === required(name, action));
      if (report === undefined)
        throw new UserError('JOB1002', {
          message: `no job '${name}' keeps its state in ${stateDir}`,
          hint: 'millrace jobs list shows those that do.',
        });
      if (flags.json === true) out(JSON.stringify(report));
      else if (flags.watermarks === true) for (const text of shownWatermarks(report, world.now())) out(text);
      else for (const text of details(report, world.now())) out(text);
      return 0;
    }
    case 'savepoint':
      if (path === undefined)
        throw new UserError('CLI1001', { message: 'jobs savepoint needs the folder that it is to lie in' });
      return await savepoint(stateDir, required(name, action), path, false, flags);
    case 'stop':
      if (flags.savepoint !== undefined)
        return await savepoint(stateDir, required(name, action), flags.savepoint, true, flags);
      return await end(stateDir, required(name, action), 'stop', flags);
    case 'cancel':
      return await end(stateDir, required(name, action), 'cancel', flags);
    default:
      throw new UserError('CLI1001', {
        message: `jobs ${action}: expected list, show, stop, savepoint or cancel`,
      });
  }
}

async function end(stateDir: string, name: string, how: 'stop' | 'cancel', { json }: Flags): Promise<number> {
  const report = await endJob(stateDir, name, how);
  out(json === true ? JSON.stringify(report) : line(report, realWorld().now()));
  return 0;
}
async function savepoint(
  stateDir: string,
  name: string,
  directory: string,
  stop: boolean,
  { json }: Flags,
): Promise<number> {
  const report = await takeSavepoint(stateDir, name, directory, stop);
  if (json === true) out(JSON.stringify(report));
  else out(report.savepoint);
  return 0;
}

function required(name: string | undefined, action: string): string {
  if (name !== undefined) return name;
  throw new UserError('CLI1001', {
    message: `jobs ${action} needs the name of a job`,
    hint: 'millrace jobs list shows them.',
  });
}

function shownWatermarks(report: JobReport, now: number): string[] {
  if (report.watermarks.length > 0) return watermarkLines(report.watermarks, now);
  throw new UserError('JOB1002', {
    message: `the job '${report.name}' does not run: its watermarks are those of its last checkpoint`,
  });
}

const count = (n: number): string => n.toLocaleString('en');
const ago = (at: number, now: number): string => `${durationText(Math.max(0, now - at))} ago`;

function line({ name, state, pid, rowsIn, rowsOut, checkpoint, error }: JobReport, now: number): string {
  return [
    name,
    pid === undefined ? state : `${state} by process ${pid}`,
    ...(rowsIn === undefined ? [] : [`${count(rowsIn)} rows in, ${count(rowsOut!)} out`]),
    ...(checkpoint === undefined ? [] : [`checkpoint ${checkpoint.epoch} ${ago(checkpoint.takenAt, now)}`]),
    ...(error === undefined ? [] : [error]),
  ].join(' · ');
}
function details(report: JobReport, now: number): string[] {
  const { startedAt, watermark, heldBytes, restarts, account, drift, columnsAdded } = report;
  const { checks, checkpoint, operators } = report;
  const accounts = account && accountsLine(account);
  return [
    line(report, now),
    ...(startedAt === undefined ? [] : [`  started ${ago(startedAt, now)}, ${restarts} restarts`]),
    ...(accounts === undefined ? [] : [`  ${accounts}`]),
    ...evolvedLines(columnsAdded).map((text) => `  ${text}`),
    ...driftLines(drift).map((text) => `  ${text}`),
    ...checkLines(checks).map((line) => `  ${line}`),
    ...(watermark === undefined ? [] : [`  watermark ${formatTimestamp({ ms: watermark, ns: 0 }, 3)}`]),
    ...(heldBytes === undefined ? [] : [`  holds ${formatBytes(heldBytes)}`]),
    ...(checkpoint?.bytes === undefined
      ? []
      : [
          `  checkpoint ${checkpoint.epoch}: ${formatBytes(checkpoint.bytes)} in ${durationText(checkpoint.durationMs!)}, stood still for ${Math.ceil(checkpoint.stopMs!)} ms, aligned in ${Math.ceil(checkpoint.alignmentMs!)} ms`,
        ]),
    ...operators.map(
      (o) =>
        `  ${o.title}${o.instance > 0 ? ` (instance ${o.instance})` : ''}: ${count(o.rowsIn)} in, ${count(o.rowsOut)} out, ${formatBytes(o.heldBytes)}`,
    ),
  ];
}
