/* The embedded Kafka as a service: a process of its own that outlives the command, under .millrace/services/.
 *
 *   up ─▶ a detached process runs the broker ─▶ kafka.json says where ─▶ down ends that process
 *
 * Its data stay in .millrace/services/kafka, or where --data says. */

import { spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { ExternalError, UserError } from '#base';
import { Broker } from '#broker';
import { realWorld } from '#host';
import type { Service, ServiceOptions, ServiceStatus } from './service.ts';

interface Running {
  readonly pid: number;
  readonly address: string;
  readonly data: string;
}
const folder = (): string => join(process.cwd(), '.millrace', 'services');
const stateFile = (): string => join(folder(), 'kafka.json');
const logFile = (): string => join(folder(), 'kafka.log');
const tryEveryMs = 20;
const startTriesMax = 1000;
const stopTriesMax = 1500;

const told = ({ address, data }: Running): ServiceStatus => ({
  url: address,
  note: `data in ${data}; in SQL: 'properties.bootstrap.servers' = '${address}'`,
  details: { bootstrapServers: address, data },
});
const wait = (): Promise<void> =>
  new Promise((done) => {
    realWorld().after(tryEveryMs, done);
  });

function read(): Running | undefined {
  try {
    return JSON.parse(readFileSync(stateFile(), 'utf8')) as Running;
  } catch {
    return undefined;
  }
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
  const state = read();
  return state !== undefined && isAlive(state.pid) && (await answers(state.address)) ? state : undefined;
}

export const kafka: Service = {
  async up(options) {
    const there = await running();
    if (there !== undefined) return told(there);
    rmSync(stateFile(), { force: true });
    mkdirSync(folder(), { recursive: true });
    const log = openSync(logFile(), 'w');
    const child = spawn(
      process.execPath,
      [...process.execArgv, process.argv[1]!, 'services', 'serve', 'kafka', ...flags(options)],
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
      if (state !== undefined) return told(state);
      await wait();
    }
    throw new ExternalError('CLI3001', {
      message: `kafka did not start: ${readFileSync(logFile(), 'utf8').trim().split('\n').at(-1) ?? ''}`,
      hint: `The whole log is ${logFile()}.`,
    });
  },
  async down() {
    const there = await running();
    if (there === undefined) return false;
    process.kill(there.pid, 'SIGTERM');
    for (let tries = 0; tries < stopTriesMax && isAlive(there.pid); tries++) await wait();
    rmSync(stateFile(), { force: true });
    return true;
  },
  async status() {
    const there = await running();
    return there && told(there);
  },
};

function flags({ port, data, config }: ServiceOptions): string[] {
  return [
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(data === undefined ? [] : ['--data', data]),
    ...Object.entries(config).flatMap(([key, value]) => ['--config', `${key}=${value}`]),
  ];
}

/** Runs the broker in this process until SIGTERM or SIGINT: what `up` starts. */
export async function serveKafka({ port, data, config }: ServiceOptions): Promise<number> {
  const dir = resolve(data ?? join(folder(), 'kafka'));
  const log = (line: string): void => {
    process.stderr.write(`${new Date(realWorld().now()).toISOString()} ${line}\n`);
  };
  const before = read()?.address.split(':')[1];
  const broker = await Broker.start({
    world: realWorld(),
    port: port ?? Number(before ?? 0),
    dir,
    config,
    log,
  });
  const stopped = new Promise<void>((done) => {
    process.once('SIGTERM', done);
    process.once('SIGINT', done);
  });
  const state: Running = { pid: process.pid, address: broker.bootstrapServers, data: dir };
  // Whole or not at all: `up` reads it as soon as it is there.
  writeFileSync(`${stateFile()}.new`, JSON.stringify(state));
  renameSync(`${stateFile()}.new`, stateFile());
  await stopped;
  await broker.stop();
  return 0;
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
