/* One connection to PostgreSQL: made with retries, speaking text in forms that do not depend on the server's
 * settings. */

import pg from 'pg';
import { ExternalError, UserError, type World } from '#base';
import type { Options } from '#catalog';
import type { Trouble } from '#dataflow';
import { forgetPostgres, usePostgres } from './embedded/service.ts';
import { databaseError, isPassing } from './failures.ts';
import { isEmbedded, jdbcTarget } from './options.ts';

const attemptMsMax = 10_000;
/** Work that is under way for longer is worth a word. */
const slowMs = 5_000;
/** A database that is away for less when a job starts is not. */
const quietMs = 1_000;
const backoffMsMin = 100;
const backoffMsMax = 5000;

/** How long to wait after `failures` failures in a row: twice as long each time, and a little by chance, so
 *  that many jobs do not come back at once. */
export function backoffMs(world: World, failures: number): number {
  const full = Math.min(backoffMsMax, backoffMsMin * 2 ** (failures - 1));
  return full / 2 + world.rng.below(full / 2 + 1);
}

/** Resolves after `ms`, or when `signal` is aborted. */
export const sleep = (world: World, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = world.after(ms, done);
    signal.addEventListener('abort', done);
  });

/** How dates, times, bytes and numbers are written, whatever the server's defaults are. */
const settings = `SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'; SET bytea_output = 'hex';
  SET extra_float_digits = 1; SET standard_conforming_strings = on; SET client_min_messages = warning`;

export interface ConnectionRequest {
  readonly world: World;
  readonly options: Options;
  readonly signal: AbortSignal;
  warn(message: string): void;
}

/** For the first connection, while nothing else shows that it is waited for: warns once, after a second. */
export function warnsOnce({ world, warn }: ConnectionRequest): (error: Error) => void {
  const from = world.monotonic();
  let warned = false;
  return ({ message }) => {
    if (warned || world.monotonic() - from < quietMs) return;
    warned = true;
    warn(`${message}; trying again`);
  };
}

/** Connects, trying again until 'connection.max-retry-timeout' is over; `failed` hears of each failure before
 *  it. Throws UserError for what will not pass. */
export async function connect(
  request: ConnectionRequest,
  failed: (error: Error) => void = warnsOnce(request),
): Promise<pg.Client> {
  const { world, options, signal } = request;
  const giveUpMs = options.durationMs('connection.max-retry-timeout') ?? 0;
  for (let failures = 1, waitedMs = 0; ; failures++) {
    // Asked for each time: an embedded server that died is started again, maybe elsewhere.
    const config = await clientConfig(request);
    const started = world.monotonic();
    try {
      return await connectOnce(config);
    } catch (thrown) {
      const where = `PostgreSQL at ${config.host}:${config.port}/${config.database}`;
      const error = databaseError(`cannot connect to ${where}`, thrown);
      const pauseMs = backoffMs(world, failures);
      waitedMs += world.monotonic() - started + pauseMs;
      if (!isPassing(error) || waitedMs > giveUpMs || signal.aborted) throw error;
      failed(error);
      if (isEmbedded(options)) forgetPostgres();
      await sleep(world, pauseMs, signal);
      if (signal.aborted) throw error;
    }
  }
}

type Config = pg.ClientConfig & { readonly host: string; readonly port: number; readonly database: string };

/** Tables whose user was told what has no effect: connections are made again and again. */
const told = new WeakSet<Options>();

async function clientConfig(request: ConnectionRequest): Promise<Config> {
  const { world, options } = request;
  const warn = (message: string): void => {
    if (!told.has(options)) request.warn(message);
  };
  if (options.has('driver')) warn(`the option 'driver' has no effect: PostgreSQL is spoken to directly`);
  const target = jdbcTarget(options);
  const common = {
    application_name: 'millrace',
    connectionTimeoutMillis: attemptMsMax,
    keepAlive: true,
    // Values stay text: each column is read by the type that the table declares.
    types: { getTypeParser: () => (text: string) => text },
  };
  if (target.kind === 'embedded') {
    told.add(options);
    return { ...common, ...(await usePostgres(world)) };
  }
  const { host, port, database, user, password, tls, schema, ignored } = target.url;
  if (ignored.length > 0) warn(`parameters of 'url' without effect: ${ignored.join(', ')}`);
  told.add(options);
  if (user === undefined)
    throw new UserError('CAT1003', { message: `connector 'jdbc' needs the option 'username'` });
  return {
    ...common,
    host,
    port,
    database,
    user,
    ...(password === undefined ? {} : { password }),
    ssl: tls === 'none' ? false : { rejectUnauthorized: tls === 'verify' },
    ...(schema === undefined
      ? {}
      : { options: `-c search_path=${schema.replace(/[\\ ]/g, (c) => `\\${c}`)}` }),
  };
}

async function connectOnce(config: Config): Promise<pg.Client> {
  const client = new pg.Client(config);
  // A connection that breaks while idle is found by the next statement.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(settings);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** A connection that is made when it is needed and made again after it broke. One piece of work at a time. */
export class SteadyConnection {
  readonly #request: ConnectionRequest;
  readonly #prepare: (client: pg.Client) => Promise<void>;
  #client: pg.Client | undefined;
  /** Until it was connected once. */
  #firstFailed: ((error: Error) => void) | undefined;
  #ended = false;
  #trouble: Trouble | undefined;
  #work: { readonly what: string; readonly since: number } | undefined;

  /** `prepare` runs on each new connection before its first work. */
  constructor(request: ConnectionRequest, prepare: (client: pg.Client) => Promise<void> = async () => {}) {
    this.#request = request;
    this.#prepare = prepare;
    this.#firstFailed = warnsOnce(request);
  }

  /** While it tries again, or waits for an answer for long: why, and since when. */
  get trouble(): Trouble | undefined {
    if (this.#trouble !== undefined || this.#work === undefined) return this.#trouble;
    const { what, since } = this.#work;
    return this.#request.world.now() - since < slowMs
      ? undefined
      : { message: `${what}: the database has not answered yet; is the table locked?`, since };
  }
  readonly #failed = (error: Error): void => {
    this.#firstFailed?.(error);
    const { message } = error;
    this.#trouble = { message, since: this.#trouble?.since ?? this.#request.world.now() };
  };

  async #open(): Promise<pg.Client> {
    if (this.#client !== undefined) return this.#client;
    const client = await connect(this.#request, this.#failed);
    this.#firstFailed = undefined;
    if (this.#ended) {
      await client.end().catch(() => {});
      throw new ExternalError('JDBC2003', { message: 'the connection was closed' });
    }
    this.#client = client;
    await this.#prepare(client);
    return client;
  }

  /** Runs `work`, and after failures that may pass again, up to `retries` times. `what` names it in messages.
   *  What `work` did on a connection that broke is rolled back by the server. */
  async run<T>(what: string, retries: number, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const { world, signal } = this.#request;
    for (let failures = 1; ; failures++) {
      try {
        const client = await this.#open();
        this.#work = { what, since: world.now() };
        const result = await work(client);
        this.#trouble = undefined;
        return result;
      } catch (thrown) {
        const error = databaseError(what, thrown);
        await this.#drop();
        if (!isPassing(error) || signal.aborted || this.#ended) throw error;
        if (failures > retries) {
          const attempts = failures === 1 ? 'one attempt' : `${failures} attempts`;
          throw new ExternalError('JDBC2002', {
            message: `${error.message}; gave up after ${attempts}`,
            cause: error,
          });
        }
        this.#failed(error);
        await sleep(world, backoffMs(world, failures), signal);
        if (this.#ended) throw error;
      } finally {
        this.#work = undefined;
      }
    }
  }

  async #drop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => {});
  }
  /** Closes for good: work that is under way fails. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#drop();
  }
}
