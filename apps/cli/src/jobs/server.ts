/* How a run listens to `millrace jobs`: HTTP on a socket in its state folder, which its owner alone can open.
 *
 *   GET /jobs              every job of the run                GET /tables?job=J      the tables of one
 *   POST /stop?job=J       a last checkpoint, and the end      POST /cancel?job=J     the end at once
 *   POST /savepoint?job=J&to=D     a savepoint below D;  with &stop=true the end behind it
 */

import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { relative, resolve } from 'node:path';
import { toMillraceError, UserError } from '#base';
import type { EngineJob } from '#engine';
import { errorJson } from '../terminal.ts';
import { jobReport } from './job-report.ts';
import { jobTables } from './job-tables.ts';

/** What the system takes as the name of a socket, in bytes. */
const socketPathMax = 100;

/** The name of a run's socket in its state folder. */
export const socketName = (pid: number): string => `run-${pid}.sock`;

/** The shortest form of a path. */
export const shortPath = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short.length < path.length ? short : path;
};

export class JobsServer {
  readonly #path: string;
  readonly #jobs: () => readonly EngineJob[];
  readonly #server: Server;
  readonly #answers = new Set<Promise<void>>();

  constructor(stateDir: string, jobs: () => readonly EngineJob[]) {
    this.#path = shortPath(resolve(stateDir, socketName(process.pid)));
    this.#jobs = jobs;
    this.#server = createServer((request, response) => {
      const answered = new Promise<void>((done) => response.once('close', done));
      this.#answers.add(answered);
      void answered.then(() => this.#answers.delete(answered));
      void this.#answer(request, response);
    });
  }
  /** Throws UserError where the folder's path is too long for a socket. */
  async listen(): Promise<void> {
    if (Buffer.byteLength(this.#path) > socketPathMax)
      throw new UserError('CLI1006', {
        message: `the path ${this.#path} is too long for a socket: 'millrace jobs' cannot reach this run`,
      });
    mkdirSync(resolve(this.#path, '..'), { recursive: true, mode: 0o700 });
    rmSync(this.#path, { force: true });
    await new Promise<void>((done, failed) => {
      this.#server.once('error', failed);
      this.#server.listen(this.#path, done);
    });
    chmodSync(this.#path, 0o600);
    this.#server.unref();
  }
  /** Who asked for the end of a job hears of it first. */
  async close(): Promise<void> {
    await Promise.all(this.#answers);
    this.#server.close();
    this.#server.closeAllConnections();
    rmSync(this.#path, { force: true });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    try {
      const url = new URL(request.url ?? '/', 'http://run');
      if (request.method === 'GET' && url.pathname === '/jobs') return send(200, this.#jobs().map(jobReport));
      const job = this.#job(url.searchParams.get('job') ?? '');
      if (request.method === 'GET' && url.pathname === '/tables') return send(200, jobTables(job));
      if (request.method === 'POST' && url.pathname === '/stop') await job.stop();
      else if (request.method === 'POST' && url.pathname === '/cancel') await job.cancel();
      else if (request.method === 'POST' && url.pathname === '/savepoint') {
        const to = url.searchParams.get('to') ?? '.';
        const ends = url.searchParams.get('stop') === 'true';
        const savepoint = ends ? await job.stopWithSavepoint(to) : await job.savepoint(to);
        return send(200, { ...jobReport(job), savepoint });
      } else return send(404, { error: { message: `nothing is at ${url.pathname}` } });
      send(200, jobReport(job));
    } catch (thrown) {
      send(409, { error: errorJson(toMillraceError(thrown), undefined) });
    }
  }
  #job(name: string): EngineJob {
    const job = this.#jobs().find((j) => j.name === name && j.endedAt === undefined);
    if (job === undefined) throw new UserError('JOB1002', { message: `no job '${name}' runs here` });
    return job;
  }
}
