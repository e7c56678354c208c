/* Asks the runs that keep their state in a folder, and reads of the other jobs what their checkpoints tell. */

import { readdirSync, type Dirent } from 'node:fs';
import { rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join, resolve } from 'node:path';
import { ExternalError, UserError, type World } from '#base';
import { CheckpointFolder } from '#checkpoint';
import type { ErrorJson } from '../terminal.ts';
import type { JobTable } from '#contracts';
import type { JobReport } from './job-report.ts';
import { shortPath } from './server.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Throws what the system says where nobody listens. */
function ask(socketPath: string, method: 'GET' | 'POST', path: string): Promise<Answer> {
  return new Promise((done, failed) => {
    const asking = request({ socketPath, method, path }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        done({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) });
      });
      response.on('error', failed);
    });
    asking.on('error', failed);
    asking.end();
  });
}

/** What is in a folder; nothing where it is not there. */
const entries = (folder: string): Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
};

/** A job that runs, and the socket of its run. */
interface Live {
  readonly report: JobReport;
  readonly socket: string;
}

async function liveJobs(stateDir: string): Promise<Live[]> {
  const live: Live[] = [];
  for (const { name } of entries(stateDir).filter((e) => /^run-\d+\.sock$/.test(e.name))) {
    const socket = shortPath(resolve(stateDir, name));
    try {
      const { body } = await ask(socket, 'GET', '/jobs');
      live.push(...(body as JobReport[]).map((report) => ({ report, socket })));
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
      // Its run is gone.
      if (code === 'ECONNREFUSED') await rm(socket, { force: true });
      else if (code !== 'ENOENT' && code !== 'ECONNRESET')
        throw new ExternalError('SYS2001', {
          message: `cannot ask ${socket}: ${String(thrown)}`,
          cause: thrown,
        });
    }
  }
  return live;
}

/** Every job whose state lies in the folder, those that run first. */
export async function allJobs(world: World, stateDir: string): Promise<JobReport[]> {
  const live = (await liveJobs(stateDir)).map((l) => l.report);
  const known = new Set(live.map((r) => r.name));
  const rest: JobReport[] = [];
  for (const { name: folder } of entries(stateDir).filter((e) => e.isDirectory())) {
    const info = await new CheckpointFolder(world.disk, join(stateDir, folder), 1).info();
    if (info === undefined || known.has(info.job)) continue;
    rest.push({
      name: info.job,
      state: info.finished ? 'finished' : 'not running',
      startedAt: undefined,
      pid: undefined,
      rowsIn: undefined,
      rowsOut: undefined,
      watermark: undefined,
      heldBytes: undefined,
      restarts: undefined,
      account: undefined,
      drift: [],
      columnsAdded: (info.columns ?? []).map(({ table, name, type }) => ({
        table: table.split('.').at(-1)!,
        name,
        type,
        sinks: [],
      })),
      checks: [],
      checkpoint: { epoch: info.epoch, takenAt: info.takenAt },
      error: undefined,
      operators: [],
      watermarks: [],
    });
  }
  return [...live, ...rest];
}

/** Ends a job that runs; returns what became of it. Throws UserError where none of this name does. */
export async function endJob(stateDir: string, name: string, how: 'stop' | 'cancel'): Promise<JobReport> {
  return (await tell(stateDir, name, `/${how}?`)) as JobReport;
}
/** Takes a savepoint of a job that runs below a directory, and ends the job behind it if asked to. */
export async function takeSavepoint(
  stateDir: string,
  name: string,
  directory: string,
  stop: boolean,
): Promise<JobReport & { readonly savepoint: string }> {
  const path = `/savepoint?to=${encodeURIComponent(resolve(directory))}&stop=${stop}&`;
  return (await tell(stateDir, name, path)) as JobReport & { readonly savepoint: string };
}
/** The tables of a job that runs. Throws UserError where none of this name does. */
export const tablesOf = async (stateDir: string, name: string): Promise<JobTable[]> =>
  (await tell(stateDir, name, '/tables?', 'GET')) as JobTable[];

async function tell(
  stateDir: string,
  name: string,
  path: string,
  method: 'GET' | 'POST' = 'POST',
): Promise<unknown> {
  const found = (await liveJobs(stateDir)).find(
    ({ report }) => report.name === name && (report.state === 'running' || report.state === 'restarting'),
  );
  if (found === undefined)
    throw new UserError('JOB1002', {
      message: `no job '${name}' runs with its state in ${stateDir}`,
      hint: 'millrace jobs list shows those that do.',
    });
  const { status, body } = await ask(found.socket, method, `${path}job=${encodeURIComponent(name)}`);
  if (status === 200) return body;
  const { error } = body as { readonly error: ErrorJson };
  throw new (error.class === 'user' ? UserError : ExternalError)(error.code, { message: error.message });
}
