/* One PostgreSQL server of a project: its data folder, its process, and the file that says where it listens.
 *
 *   .millrace/services/postgres.json   port, process id, password, who uses it; readable by its owner only
 *   .millrace/services/postgres/       data, log; or a folder under the temporary one
 *
 * The first process that needs the server starts it, others connect to it, the last one stops it; a server
 * started as a service runs until it is stopped. All changes happen under the lock file, and what is found
 * there is checked against the world first: processes die without saying so. */

import { spawn, execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { ExternalError, UserError, type World } from '#base';
import { findBinaries, type PostgresBinaries } from './binaries.ts';
import { isAlive, sleep, withLock } from './lock.ts';
import { canReach, postgresUser, type RunAs } from './run-as.ts';

const run = promisify(execFile);

/** How to connect. */
export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** What the file says. */
interface ServerRecord {
  readonly port: number;
  /** Of the server; undefined once it was stopped. */
  readonly pid: number | undefined;
  readonly password: string;
  readonly dataFolder: string;
  /** Runs until it is stopped by name. */
  readonly service: boolean;
  /** Processes that use it. */
  readonly users: readonly number[];
}

const host = '127.0.0.1';
const user = 'millrace';
const database = 'millrace';
const startMsMax = 60_000;
const stepMs = 25;
const retryMs = 300;

export class EmbeddedServer {
  readonly #world: World;
  readonly #folder: string;

  /** `folder` is the project's `.millrace/services`. */
  constructor(world: World, folder: string) {
    this.#world = world;
    this.#folder = resolve(folder);
  }
  get recordFile(): string {
    return join(this.#folder, 'postgres.json');
  }
  get #lockFile(): string {
    return join(this.#folder, 'postgres.lock');
  }

  /** Starts the server unless it runs, and counts this process among its users; as a service it outlives
   *  them. */
  async acquire(service: boolean): Promise<ServerAddress> {
    return await withLock(this.#lockFile, this.#world, async () => {
      const known = readRecord(this.recordFile);
      const running = known !== undefined && (await this.#answers(known));
      const record = running ? known : await this.#start(known);
      const users = record.users.filter((pid) => pid !== process.pid && isAlive(pid));
      const next = {
        ...record,
        service: service || (running && record.service),
        users: service ? users : [...users, process.pid],
      };
      await writeRecord(this.recordFile, next);
      return address(next);
    });
  }

  /** Where the server runs, or undefined. */
  async status(): Promise<ServerAddress | undefined> {
    const known = readRecord(this.recordFile);
    return known !== undefined && (await this.#answers(known)) ? address(known) : undefined;
  }

  /** Stops the server; false when none ran. */
  async stop(): Promise<boolean> {
    return await withLock(this.#lockFile, this.#world, async () => {
      const known = readRecord(this.recordFile);
      if (known?.pid === undefined) return false;
      const ran = await this.#answers(known);
      if (ran) {
        const { binaries, runAs } = await this.#means();
        await run(binaries.pgCtl, ['stop', '-D', known.dataFolder, '-m', 'fast', '-w'], {
          ...runAs,
          cwd: known.dataFolder,
        });
      }
      await writeRecord(this.recordFile, { ...known, pid: undefined, service: false, users: [] });
      return ran;
    });
  }

  /** For a process that ends and cannot wait: takes it off the list of users, and tells the server to stop
   *  when it was the last. Never throws. */
  releaseNow(): void {
    try {
      const known = readRecord(this.recordFile);
      if (known === undefined) return;
      const users = known.users.filter((pid) => pid !== process.pid && isAlive(pid));
      const last =
        users.length === 0 &&
        !known.service &&
        known.pid !== undefined &&
        serverPid(known.dataFolder) === known.pid;
      // SIGINT is PostgreSQL's fast shutdown.
      if (last && known.pid !== undefined) process.kill(known.pid, 'SIGINT');
      writeFileSync(this.recordFile, JSON.stringify({ ...known, pid: last ? undefined : known.pid, users }), {
        mode: 0o600,
      });
    } catch {
      // The server stays; the next process that wants one finds it.
    }
  }

  async #answers(record: ServerRecord): Promise<boolean> {
    if (record.pid === undefined || serverPid(record.dataFolder) !== record.pid || !isAlive(record.pid))
      return false;
    return await answers(address(record));
  }

  async #means(): Promise<{ binaries: PostgresBinaries; runAs: RunAs | undefined; home: string }> {
    const runAs = await postgresUser();
    const home = await this.#home(runAs);
    return { runAs, home, binaries: await findBinaries(runAs, home) };
  }
  /** Where data and log lie: with the project, unless the server's user cannot go there. */
  async #home(runAs: RunAs | undefined): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const reachable = runAs === undefined || (await canReach(this.#folder, runAs));
    const hash = createHash('sha256').update(this.#folder).digest('hex').slice(0, 12);
    const home = reachable ? join(this.#folder, 'postgres') : join(tmpdir(), `millrace-${hash}`, 'postgres');
    await mkdir(home, { recursive: true });
    if (runAs !== undefined) await chown(home, runAs.uid, runAs.gid);
    return home;
  }

  async #start(known: ServerRecord | undefined): Promise<ServerRecord> {
    const { binaries, runAs, home } = await this.#means();
    const dataFolder = join(home, 'data');
    // Data of an earlier run opens with the password it was made with.
    const reuse =
      known !== undefined && known.dataFolder === dataFolder && existsSync(join(dataFolder, 'PG_VERSION'));
    const password = reuse ? known.password : randomBytes(18).toString('base64url');
    if (!reuse) await initialise(binaries, runAs, home, password);
    await clearStalePid(dataFolder);
    const record = { password, dataFolder, service: false, users: [] };
    for (let attempt = 0; ; attempt++) {
      const port = await freePort(attempt === 0 ? known?.port : undefined);
      try {
        const pid = await this.#launch(binaries, runAs, home, { ...record, port, pid: undefined });
        const started = { ...record, port, pid };
        await createDatabase(address(started));
        return started;
      } catch (error) {
        // Someone may have taken the port in between, or a server that was killed has not let go of its data
        // yet.
        if (attempt >= 3) throw error;
        await sleep(this.#world, retryMs);
      }
    }
  }

  async #launch(
    binaries: PostgresBinaries,
    runAs: RunAs | undefined,
    home: string,
    record: ServerRecord,
  ): Promise<number> {
    const logFile = join(home, 'log');
    const log = openSync(logFile, 'a');
    // A group of its own: Ctrl-C in the terminal is for the job, which still has rows to write.
    const child = spawn(
      binaries.postgres,
      [
        '-D',
        record.dataFolder,
        '-p',
        String(record.port),
        '-c',
        `listen_addresses=${host}`,
        '-c',
        'unix_socket_directories=',
      ],
      {
        ...runAs,
        cwd: home,
        detached: true,
        stdio: ['ignore', log, log],
        env: { ...process.env, LC_ALL: 'C' },
      },
    );
    closeSync(log);
    let exited: string | undefined;
    child.once('exit', (code, signal) => {
      exited = signal ?? `code ${String(code)}`;
    });
    child.once('error', (error) => {
      exited = error.message;
    });
    child.unref();
    const target = { ...address(record), database: 'postgres' };
    for (let waitedMs = 0; waitedMs < startMsMax; waitedMs += stepMs) {
      if (exited !== undefined) break;
      if (child.pid !== undefined && (await answers(target))) return child.pid;
      await sleep(this.#world, stepMs);
    }
    child.kill('SIGINT');
    const tail = await readFile(logFile, 'utf8').then(
      (text) => text.trimEnd().split('\n').slice(-3).join(' / '),
      () => '',
    );
    throw new ExternalError('PG2001', {
      message: `the embedded PostgreSQL did not start (${exited ?? 'no answer'}): ${tail}`,
      hint: `Its log is '${logFile}'.`,
    });
  }
}

function address({ port, password }: ServerRecord): ServerAddress {
  return { host, port, user, password, database };
}

function readRecord(file: string): ServerRecord | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ServerRecord;
  } catch (cause) {
    throw new UserError('PG1003', {
      message: `'${file}' is no JSON`,
      hint: 'Remove it together with the data folder beside it.',
      cause,
    });
  }
}
async function writeRecord(file: string, record: ServerRecord): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** The process id that the data folder's own lock file names. */
function serverPid(dataFolder: string): number | undefined {
  try {
    return Number(readFileSync(join(dataFolder, 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return undefined;
  }
}

/** PostgreSQL clears a lock file of a dead process by itself, but not one whose number another program has by
 *  now. */
async function clearStalePid(dataFolder: string): Promise<void> {
  const pid = serverPid(dataFolder);
  if (pid === undefined) return;
  const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => undefined);
  const other = name !== undefined && name.trim() !== 'postgres';
  if (!isAlive(pid) || other) await rm(join(dataFolder, 'postmaster.pid'), { force: true });
}

async function initialise(
  binaries: PostgresBinaries,
  runAs: RunAs | undefined,
  home: string,
  password: string,
): Promise<void> {
  const made = join(home, 'data.new');
  const passwordFile = join(home, 'password.new');
  await rm(made, { recursive: true, force: true });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (runAs !== undefined) await chown(passwordFile, runAs.uid, runAs.gid);
  try {
    await run(
      binaries.initdb,
      [
        '-D',
        made,
        '-U',
        user,
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        '--locale=C',
        '--no-sync',
      ],
      { ...runAs, cwd: home, env: { ...process.env, LC_ALL: 'C' } },
    );
  } catch (cause) {
    throw new ExternalError('PG2001', {
      message: 'the embedded PostgreSQL could not make its data folder',
      hint: `It was to be '${made}'.`,
      cause,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
  const data = join(home, 'data');
  // Data whose password is lost is kept, for it may be someone's.
  if (
    await stat(data).then(
      () => true,
      () => false,
    )
  )
    await rename(data, join(home, `data.${Math.floor((await stat(data)).mtimeMs)}`));
  await rename(made, data);
}

async function freePort(wanted: number | undefined): Promise<number> {
  const listen = (port: number): Promise<number | undefined> =>
    new Promise((done) => {
      const server = createServer();
      server.once('error', () => {
        done(undefined);
      });
      server.listen(port, host, () => {
        const at = server.address();
        server.close(() => {
          done(at === null || typeof at === 'string' ? undefined : at.port);
        });
      });
    });
  const port = (wanted === undefined ? undefined : await listen(wanted)) ?? (await listen(0));
  if (port === undefined) throw new ExternalError('PG2001', { message: `no free port on ${host}` });
  return port;
}

async function withClient<T>(target: ServerAddress, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...target, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
async function answers(target: ServerAddress): Promise<boolean> {
  return await withClient(target, async () => true).catch(() => false);
}
async function createDatabase(target: ServerAddress): Promise<void> {
  await withClient({ ...target, database: 'postgres' }, async (client) => {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [
      target.database,
    ]);
    if (rowCount === 0) await client.query(`CREATE DATABASE "${target.database}"`);
  });
}
