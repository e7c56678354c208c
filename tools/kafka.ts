/* A real Kafka 4.1 on this machine, for tests and benchmarks: Java and Maven, nothing else.
 *
 *   install    mvn copies the jars named in kafka/pom.xml into .cache/kafka-4.1.0/lib, once
 *   start      a fresh data folder, free ports on 127.0.0.1, one process that is broker and controller
 *   restart    the same ports and the same data, for tests of what happens when a broker goes and comes back
 *
 * From a shell: `node tools/kafka.ts` starts one and keeps it until Ctrl-C; the address is its first line. */

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createServer, connect } from 'node:net';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { installOnce } from './install-once.ts';
import {
  certificateFiles,
  saslUser,
  testConfig,
  writeCertificate,
  type KafkaServer,
} from './kafka/server.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, '.cache', 'kafka-4.1.0');
const lib = join(home, 'lib');
const pom = fileURLToPath(new URL('./kafka/pom.xml', import.meta.url));

const smallJvm: readonly string[] = ['-Xms256m', '-Xmx768m', '-XX:+UseSerialGC'];
/** For tests: it starts in half of the time, and compiles nothing twice. */
export const quickJvm: readonly string[] = [...smallJvm, '-XX:TieredStopAtLevel=1'];
/** Below the folder of a broker. */
const logsFolder = 'logs';
const startTriesMax = 600;
const tryEveryMs = 100;
const stopWaitMsMax = 20_000;

/** Why there can be no Kafka here, or undefined when there can. */
export async function kafkaMissing(): Promise<string | undefined> {
  for (const [tool, flag] of [
    ['java', '-version'],
    ['openssl', 'version'],
    ['mvn', '-v'],
  ] as const) {
    if (tool === 'mvn' && installed()) continue;
    try {
      await run(tool, [flag]);
    } catch {
      const needed = { java: 'Java 17 or later', openssl: 'OpenSSL', mvn: 'Maven' }[tool];
      return `a real Kafka needs ${needed}, and '${tool}' does not run here`;
    }
  }
  return undefined;
}

/** Holds the list of jars that were brought. */
const mark = join(home, 'installed');
const installed = (): boolean => existsSync(mark) && readFileSync(mark, 'utf8') === readFileSync(pom, 'utf8');

/** Brings Kafka's jars if they are not there yet; gives their folder. */
export async function installKafka(): Promise<string> {
  await installOnce(home, installed, async () => {
    mkdirSync(home, { recursive: true });
    await run('mvn', ['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${lib}`]);
    writeFileSync(mark, readFileSync(pom));
  });
  return lib;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  await new Promise((done) => server.close(done));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

async function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/** Where a broker listens. */
export interface KafkaPorts {
  readonly plain: number;
  readonly controller: number;
  readonly sasl: number;
  readonly tls: number;
}

export const freePorts = async (): Promise<KafkaPorts> => ({
  plain: await freePort(),
  controller: await freePort(),
  sasl: await freePort(),
  tls: await freePort(),
});

function properties(ports: KafkaPorts, folder: string, more: readonly string[]): string {
  const login = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
  const password = saslUser.password.replaceAll('"', '\\\\"');
  const jaas = `${login} user_${saslUser.name}="${password}";`;
  const listeners = ['PLAINTEXT', 'SASL_PLAINTEXT', 'SASL_SSL'] as const;
  const address = { PLAINTEXT: ports.plain, SASL_PLAINTEXT: ports.sasl, SASL_SSL: ports.tls } as const;
  const outside = listeners.map((l) => `${l}://127.0.0.1:${address[l]}`).join(',');
  return [
    'process.roles=broker,controller',
    'node.id=1',
    `controller.quorum.voters=1@127.0.0.1:${ports.controller}`,
    `listeners=${outside},CONTROLLER://127.0.0.1:${ports.controller}`,
    `advertised.listeners=${outside}`,
    `listener.security.protocol.map=CONTROLLER:PLAINTEXT,${listeners.map((l) => `${l}:${l}`).join(',')}`,
    'controller.listener.names=CONTROLLER',
    'inter.broker.listener.name=PLAINTEXT',
    'sasl.enabled.mechanisms=PLAIN',
    `listener.name.sasl_plaintext.plain.sasl.jaas.config=${jaas}`,
    `listener.name.sasl_ssl.plain.sasl.jaas.config=${jaas}`,
    'ssl.keystore.type=PEM',
    `ssl.keystore.location=${join(folder, certificateFiles.both)}`,
    `log.dirs=${join(folder, logsFolder)}`,
    'offsets.topic.replication.factor=1',
    'offsets.topic.num.partitions=1',
    'transaction.state.log.replication.factor=1',
    'transaction.state.log.min.isr=1',
    'transaction.state.log.num.partitions=1',
    ...Object.entries(testConfig).map(([key, value]) => `${key}=${value}`),
    ...more,
  ].join('\n');
}

/** For programs that end after a moment: what they do once is not worth compiling well. */
export const shortLived = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'] as const;

/** Runs one of Kafka's own command-line classes and returns what it prints. Kafka must be installed. */
export async function kafkaTool(mainClass: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('java', [...shortLived, '-cp', `${lib}/*`, mainClass, ...args], {
    maxBuffer: 64 << 20,
  });
  return stdout;
}

/** Formats the folder of a broker's logs: by Kafka's own tool, or as it once did, for the tool is a JVM that takes longer than
 *  many a test. */
async function format(config: string, logs: string): Promise<void> {
  const node = [...readFileSync(config, 'utf8').matchAll(/^node\.id=(\d+)$/gm)].at(-1)![1]!;
  const known = join(home, `formatted-${node}`);
  if (existsSync(known)) {
    cpSync(known, logs, { recursive: true });
    return;
  }
  await kafkaTool('kafka.tools.StorageTool', ['format', '-t', 'bWlsbHJhY2UtdGVzdC0wMQ', '-c', config]);
  const made = mkdtempSync(join(home, 'formatted-'));
  cpSync(logs, made, { recursive: true });
  try {
    renameSync(made, known);
  } catch (error) {
    rmSync(made, { recursive: true });
    // Another came first.
    if (!existsSync(known)) throw error;
  }
}

/** A running broker. */
export class RealKafka implements KafkaServer {
  readonly bootstrapServers: string;
  readonly saslServers: string;
  readonly tlsServers: string;
  readonly #port: number;
  readonly #folder: string;
  readonly #flags: readonly string[];
  #process: ChildProcess | undefined;
  #output = '';

  private constructor(ports: KafkaPorts, folder: string, flags: readonly string[]) {
    this.#flags = flags;
    this.bootstrapServers = `127.0.0.1:${ports.plain}`;
    this.saslServers = `127.0.0.1:${ports.sasl}`;
    this.tlsServers = `127.0.0.1:${ports.tls}`;
    this.#port = ports.plain;
    this.#folder = folder;
  }
  /** Where the files of a partition lie. */
  partitionFolder(topic: string, partition: number): string {
    return join(this.#folder, logsFolder, `${topic}-${partition}`);
  }
  get certificateFile(): string {
    return join(this.#folder, certificateFiles.certificate);
  }

  /** Installs what is missing and starts a broker with empty data. `more`: lines for its server.properties, which count more
   *  than those here; `flags`: of its JVM. */
  static async start(
    more: readonly string[] = [],
    flags = smallJvm,
    knownPorts?: KafkaPorts,
  ): Promise<RealKafka> {
    await installKafka();
    const folder = mkdtempSync(join(home, 'data-'));
    const ports = knownPorts ?? (await freePorts());
    const config = join(folder, 'server.properties');
    await writeCertificate(folder);
    writeFileSync(config, properties(ports, folder, more));
    const kafka = new RealKafka(ports, folder, flags);
    await format(config, join(folder, logsFolder));
    await kafka.restart();
    return kafka;
  }

  async restart(): Promise<void> {
    const settings = join(this.#folder, 'server.properties');
    const args = [...this.#flags, '-cp', `${lib}/*`, 'kafka.Kafka', settings];
    const child = spawn('java', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text) => {
        this.#output = (this.#output + String(text)).slice(-4000);
      });
    }
    for (let tries = 0; tries < startTriesMax; tries++) {
      if (child.exitCode !== null) throw new Error(`Kafka did not start:\n${this.#output}`);
      if (await answers(this.#port)) return;
      await sleep(tryEveryMs);
    }
    await this.stop(true);
    throw new Error(`Kafka did not take connections in time:\n${this.#output}`);
  }

  async stop(abruptly = false): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    child.kill(abruptly ? 'SIGKILL' : 'SIGTERM');
    const late = AbortSignal.timeout(stopWaitMsMax);
    late.addEventListener('abort', () => child.kill('SIGKILL'));
    await gone;
  }

  async close(): Promise<void> {
    await this.stop(true);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = await kafkaMissing();
  if (missing !== undefined) {
    console.error(missing);
    process.exit(3);
  }
  const kafka = await RealKafka.start();
  console.log(kafka.bootstrapServers);
  const end = (): void => {
    void kafka.close().then(() => process.exit(0));
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}
