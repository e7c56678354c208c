/* A service that is a process of its own and outlives the command, under .millrace/services/.
 *
 *   up ─▶ a detached process serves ─▶ NAME.json says where ─▶ down ends that process
 *
 * Its data stay in .millrace/services/NAME, or where --data says. */

import { spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { ExternalError, UserError } from '#base';
import { makeFolder, servicesFolder } from '#connectors';
import { realWorld } from '#host';
import { warn } from '../terminal.ts';
import type { Service, ServiceOptions, ServiceStatus } from './service.ts';

interface State {
  /** Of the process that runs it; none when it was stopped. Its address stays, for the next `up`. */
  readonly pid?: number;
  /** host:port. */
  readonly address: string;
  readonly data: string;
}
interface Running extends State {
  readonly pid: number;
}
/** What a running service is known by. */
export interface Place {
  /** host:port. */
  readonly address: string;
  readonly data: string;
}
export interface Served {
  /** host:port. */
  readonly address: string;
  stop(): Promise<void>;
}
/** What is its own in a service. */
export interface ProcessServiceKind {
  readonly name: string;
  /** Flags of Node for its process. */
  readonly nodeFlags: readonly string[];
  /** Throws UserError for a config that cannot be; gives warnings. */
  checkConfig(config: Readonly<Record<string, string>>): readonly string[];
  status(place: Place): ServiceStatus;
  /** Serves in this process. */
  start(options: StartOptions): Promise<Served>;
  /** Whether `start` failed because another has the port. */
  isPortTaken(error: unknown): boolean;
}
export interface StartOptions {
  readonly port: number;
  readonly dir: string;
  readonly config: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}
const tryEveryMs = 20;
const startTriesMax = 1000;
const stopTriesMax = 1500;

const wait = (): Promise<void> =>
  new Promise((done) => {
    realWorld().after(tryEveryMs, done);
  });
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
/** Somebody answers there: a pid alone may be another process's by now. */
function answers(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((done) => {
    const socket = connect(Number(port), host);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => {
      done(false);
    });
  });
}

export class ProcessService implements Service {
  readonly #kind: ProcessServiceKind;

  constructor(kind: ProcessServiceKind) {
    this.#kind = kind;
  }
  #file(extension: string): string {
    return join(servicesFolder(), `${this.#kind.name}.${extension}`);
  }
  #read(): State | undefined {
    try {
      return JSON.parse(readFileSync(this.#file('json'), 'utf8')) as State;
    } catch {
      return undefined;
    }
  }
  /** Whole or not at all: `up` reads it as soon as it is there. */
  #write(state: State): void {
    writeFileSync(this.#file('json.new'), JSON.stringify(state));
    renameSync(this.#file('json.new'), this.#file('json'));
  }
  async #running(): Promise<Running | undefined> {
    const { pid, address, data } = this.#read() ?? {};
    if (pid === undefined || address === undefined || data === undefined) return undefined;
    return isAlive(pid) && (await answers(address)) ? { pid, address, data } : undefined;
  }

  async up(options: ServiceOptions): Promise<ServiceStatus> {
    const { name, nodeFlags } = this.#kind;
    for (const warning of this.#kind.checkConfig(options.config)) warn(warning);
    const there = await this.#running();
    if (there !== undefined) {
      const { port, data, config } = options;
      if (port !== undefined || data !== undefined || Object.keys(config).length > 0)
        warn(`${name} runs already: --port, --data and --config count once it is down and up again`);
      return this.#kind.status(there);
    }
    await makeFolder(servicesFolder());
    const log = openSync(this.#file('log'), 'w');
    const command = [process.argv[1]!, 'services', 'serve', name, ...flags(options), '--json'];
    const child = spawn(process.execPath, [...process.execArgv, ...nodeFlags, ...command], {
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child.unref();
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    for (let tries = 0; tries < startTriesMax && !ended; tries++) {
      const state = this.#read();
      if (state !== undefined && state.pid === child.pid) return this.#kind.status(state);
      await wait();
    }
    throw this.#failure(readFileSync(this.#file('log'), 'utf8'));
  }
  async down(): Promise<boolean> {
    const there = await this.#running();
    if (there === undefined) return false;
    process.kill(there.pid, 'SIGTERM');
    for (let tries = 0; tries < stopTriesMax && isAlive(there.pid); tries++) await wait();
    this.#write({ address: there.address, data: there.data });
    return true;
  }
  async status(): Promise<ServiceStatus | undefined> {
    const there = await this.#running();
    return there && this.#kind.status(there);
  }

  /** Why it did not start: the error that it ended with, as it was told there. */
  #failure(log: string): UserError | ExternalError {
    const { name } = this.#kind;
    const last = log.trim().split('\n').at(-1) ?? '';
    const whole = `The whole log is ${this.#file('log')}.`;
    try {
      const { error } = JSON.parse(last) as {
        error: { class: string; code: string; message: string; hint: string | null };
      };
      const details = { message: `${name} did not start: ${error.message}`, hint: error.hint ?? whole };
      return error.class === 'user'
        ? new UserError(error.code, details)
        : new ExternalError(error.code, details);
    } catch {
      return new ExternalError('CLI3001', { message: `${name} did not start: ${last}`, hint: whole });
    }
  }

  /** Runs the service in this process until SIGTERM or SIGINT: what `up` starts. */
  async serve({ port, data, config }: ServiceOptions): Promise<number> {
    // Where the data were before, unless told otherwise: a service finds its own again.
    const dir = resolve(data ?? this.#read()?.data ?? join(servicesFolder(), this.#kind.name));
    await makeFolder(dir);
    const log = (line: string): void => {
      process.stderr.write(`${new Date(realWorld().now()).toISOString()} ${line}\n`);
    };
    const start = (at: number): Promise<Served> => this.#kind.start({ port: at, dir, config, log });
    // Where it was before, so that clients find it again; elsewhere if another has that port now.
    const before = Number(this.#read()?.address.split(':')[1] ?? 0);
    const served = await start(port ?? before).catch((error: unknown) => {
      if (port !== undefined || before === 0 || !this.#kind.isPortTaken(error)) throw error;
      return start(0);
    });
    const stopped = new Promise<void>((done) => {
      process.once('SIGTERM', done);
      process.once('SIGINT', done);
    });
    this.#write({ pid: process.pid, address: served.address, data: dir });
    await stopped;
    await served.stop();
    return 0;
  }
}

function flags({ port, data, config }: ServiceOptions): string[] {
  return [
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(data === undefined ? [] : ['--data', data]),
    ...Object.entries(config).flatMap(([key, value]) => ['--config', `${key}=${value}`]),
  ];
}

/** `k=v` pairs. Throws UserError for what is none. */
export function configPairs(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UserError('CLI1004', { message: `--config ${pair}: expected k=v` });
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
