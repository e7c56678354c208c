/* The embedded Kafka as a service: a process of its own that outlives the command, under .millrace/services/.
 *
 *   up ─▶ a detached process runs the broker ─▶ kafka.json says where ─▶ down ends that process
 *
 * Its data stay in .millrace/services/kafka, or where --data says. */

import { spawn } from 'node:child_process';
import { openSync, closeSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { ExternalError, UserError } from '#base';
import { Broker, checkConfigs } from '#broker';
import { makeFolder, servicesFolder } from '#connectors';
import { realWorld } from '#host';
import { brokerFlags } from './node-flags.ts';
import { warn } from '../terminal.ts';
import type { Service, ServiceOptions, ServiceStatus } from './service.ts';

interface State {
  /** Of the process that runs it; none when it was stopped. Its address stays, for the next `up`. */
  readonly pid?: number;
  readonly address: string;
  readonly data: string;
}
interface Running extends State {
  readonly pid: number;
}
const folder = servicesFolder;
const stateFile = (): string => join(folder(), 'kafka.json');
const logFile = (): string => join(folder(), 'kafka.log');
const tryEveryMs = 20;
const startTriesMax = 1000;
const stopTriesMax = 1500;

const told = ({ address, data }: State): ServiceStatus => ({
  url: address,
  note: `data in ${data}; in SQL: 'properties.bootstrap.servers' = '${address}'`,
  connect: `millrace topic list --bootstrap-server ${address}`,
  details: { bootstrapServers: address, data },
});
const wait = (): Promise<void> =>
  new Promise((done) => {
    realWorld().after(tryEveryMs, done);
  });

function read(): State | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(), 'utf8')) as State;
  } catch {
    return undefined;
  }
}
/** Whole or not at all: `up` reads it as soon as it is there. */
function write(state: State): void {
  writeFileSync(`${stateFile()}.new`, JSON.stringify(state));
  renameSync(`${stateFile()}.new`, stateFile());
}
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
async function running(): Promise<Running | undefined> {
  const { pid, address, data } = read() ?? {};
  if (pid === undefined || address === undefined || data === undefined) return undefined;
  return isAlive(pid) && (await answers(address)) ? { pid, address, data } : undefined;
}

export const kafka: Service = {
  async up(options) {
    for (const warning of checkConfigs(new Map(Object.entries(options.config)))) warn(warning);
    const there = await running();
    if (there !== undefined) {
      const { port, data, config } = options;
      if (port !== undefined || data !== undefined || Object.keys(config).length > 0)
        warn('kafka runs already: --port, --data and --config count once it is down and up again');
      return told(there);
    }
    await makeFolder(folder());
    const log = openSync(logFile(), 'w');
    const child = spawn(
      process.execPath,
      [
        ...process.execArgv,
        ...brokerFlags,
        process.argv[1]!,
        'services',
        'serve',
        'kafka',
        ...flags(options),
        '--json',
      ],
      { detached: true, stdio: ['ignore', log, log] },
    );
    closeSync(log);
    child.unref();
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    for (let tries = 0; tries < startTriesMax && !ended; tries++) {
      const state = read();
      if (state !== undefined && state.pid === child.pid) return told(state);
      await wait();
    }
    throw failure(readFileSync(logFile(), 'utf8'));
  },
  async down() {
    const there = await running();
    if (there === undefined) return false;
    process.kill(there.pid, 'SIGTERM');
    for (let tries = 0; tries < stopTriesMax && isAlive(there.pid); tries++) await wait();
    write({ address: there.address, data: there.data });
    return true;
  },
  async status() {
    const there = await running();
    return there && told(there);
  },
};

/** Why it did not start: the error that it ended with, as it was told there. */
function failure(log: string): UserError | ExternalError {
  const last = log.trim().split('\n').at(-1) ?? '';
  const whole = `The whole log is ${logFile()}.`;
  try {
    const { error } = JSON.parse(last) as {
      error: { class: string; code: string; message: string; hint: string | null };
    };
    const details = { message: `kafka did not start: ${error.message}`, hint: error.hint ?? whole };
    return error.class === 'user'
      ? new UserError(error.code, details)
      : new ExternalError(error.code, details);
  } catch {
    return new ExternalError('CLI3001', { message: `kafka did not start: ${last}`, hint: whole });
  }
}

function flags({ port, data, config }: ServiceOptions): string[] {
  return [
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(data === undefined ? [] : ['--data', data]),
    ...Object.entries(config).flatMap(([key, value]) => ['--config', `${key}=${value}`]),
  ];
}

/** Runs the broker in this process until SIGTERM or SIGINT: what `up` starts. */
export async function serveKafka({ port, data, config }: ServiceOptions): Promise<number> {
  // Where the data were before, unless told otherwise: a service finds its own again.
  const dir = resolve(data ?? read()?.data ?? join(folder(), 'kafka'));
  await makeFolder(dir);
  const log = (line: string): void => {
    process.stderr.write(`${new Date(realWorld().now()).toISOString()} ${line}\n`);
  };
  const start = (at: number): Promise<Broker> =>
    Broker.start({ world: realWorld(), port: at, dir, config, log });
  // Where it was before, so that clients find it again; elsewhere if another has that port now.
  const before = Number(read()?.address.split(':')[1] ?? 0);
  const broker = await start(port ?? before).catch((error: unknown) => {
    if (port !== undefined || before === 0 || !isPortTaken(error)) throw error;
    return start(0);
  });
  const stopped = new Promise<void>((done) => {
    process.once('SIGTERM', done);
    process.once('SIGINT', done);
  });
  write({ pid: process.pid, address: broker.bootstrapServers, data: dir });
  await stopped;
  await broker.stop();
  return 0;
}

const isPortTaken = (error: unknown): boolean => error instanceof ExternalError && error.code === 'BRK2001';

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
