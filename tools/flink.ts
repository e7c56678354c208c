/* A real Flink on this machine, for conformance and benchmarks: Java, Maven and pip, nothing else.
 *
 *   install    pip brings the distribution's jars, mvn those that flink/pom.xml names (SQL gateway, Kafka, JDBC), into
 *              a folder of .cache named for the version; again when that file changes
 *   start      JobManager, one TaskManager with one slot, SQL gateway; free ports on 127.0.0.1
 *   session    statements over the gateway's REST interface, results as rows of changes
 */

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installOnce } from './install-once.ts';

/** The release that judges. A newer one is this line, connectors in flink/pom.xml that go with it, and all answers
 *  recorded again. */
export const flinkVersion = '2.3.0';

const run = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
const home = join(root, '.cache', `flink-${flinkVersion}`);
const pyflink = join(home, 'python', 'pyflink');
const lib = join(home, 'lib');
const pom = fileURLToPath(new URL('./flink/pom.xml', import.meta.url));
/** Written when all is installed: what the pom said then. */
const mark = join(home, 'installed');
/** Where it is installed, and what a class for it is compiled against. */
export const flinkHome = home;
export const flinkClassPath = `${join(pyflink, 'lib')}/*`;
const installed = (): boolean => existsSync(mark) && readFileSync(mark, 'utf8') === readFileSync(pom, 'utf8');

/** Why there can be no Flink here, or undefined when there can. */
export async function flinkMissing(): Promise<string | undefined> {
  for (const [tool, flag, needed] of [
    ['java', '-version', 'Java 17'],
    ['mvn', '-v', 'Maven'],
    ['pip', '--version', 'pip'],
  ] as const) {
    if (tool !== 'java' && installed()) continue;
    try {
      await run(tool, [flag]);
    } catch {
      return `a real Flink needs ${needed}, and '${tool}' does not run here`;
    }
  }
  return undefined;
}

/** Brings Flink's jars if they are not there yet. */
export const installFlink = (): Promise<void> => installOnce(home, installed, install);

async function install(): Promise<void> {
  mkdirSync(home, { recursive: true });
  await run(
    'pip',
    [
      'install',
      '-q',
      '--no-deps',
      '--target',
      join(home, 'python'),
      `apache-flink-libraries==${flinkVersion}`,
    ],
    { maxBuffer: 64 << 20 },
  );
  rmSync(lib, { recursive: true, force: true });
  await run(
    'mvn',
    [
      '-q',
      '-B',
      '-f',
      pom,
      `-Dflink.version=${flinkVersion}`,
      'dependency:copy-dependencies',
      '-DexcludeTransitive=true',
      `-DoutputDirectory=${lib}`,
    ],
    { maxBuffer: 64 << 20 },
  );
  writeFileSync(mark, readFileSync(pom));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  const address = server.address();
  await new Promise((done) => {
    server.close(done);
  });
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}

/** The list of Flink's stock configuration for Java 17. */
const opens = [
  ...[
    'lang',
    'lang.reflect',
    'net',
    'io',
    'nio',
    'text',
    'time',
    'util',
    'util.concurrent',
    'util.concurrent.atomic',
    'util.concurrent.locks',
  ].map((p) => `--add-opens=java.base/java.${p}=ALL-UNNAMED`),
  '--add-opens=java.base/sun.nio.ch=ALL-UNNAMED',
  '--add-exports=java.base/sun.net.util=ALL-UNNAMED',
  '--add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED',
  ...['api', 'file', 'parser', 'tree', 'util'].map(
    (p) => `--add-exports=jdk.compiler/com.sun.tools.javac.${p}=ALL-UNNAMED`,
  ),
  '--add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED',
];

export interface FlinkOptions {
  /** Added to Flink's configuration. */
  readonly config?: Readonly<Record<string, string>>;
  readonly slots?: number;
  readonly heapMb?: number;
  /** Quick to start and lean, for many small jobs: code is compiled once, and not again where it runs often. */
  readonly small?: boolean;
  /** What the TaskManager writes on its standard output, as print sinks do. */
  readonly printed?: (text: string) => void;
  /** Jars beside those of Flink: for what finds no class in a jar that a session adds. */
  readonly classPath?: readonly string[];
}

/** How often a Flink is started until it comes up. */
const triesMax = 3;

export class RealFlink {
  readonly #folder: string;
  readonly #processes: ChildProcess[] = [];
  readonly #rest: number;
  readonly #gateway: number;
  readonly #printed: FlinkOptions['printed'];
  readonly #jvm: readonly string[];
  readonly #classPath: readonly string[];
  #taskManager: ChildProcess | undefined;
  #output = '';

  private constructor(folder: string, rest: number, gateway: number, options: FlinkOptions) {
    const { printed, small, classPath = [] } = options;
    this.#classPath = classPath;
    this.#folder = folder;
    this.#printed = printed;
    this.#jvm = small === true ? ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'] : [];
    this.#rest = rest;
    this.#gateway = gateway;
  }

  /** Installs what is missing and starts all three processes. */
  static async start(options: FlinkOptions = {}): Promise<RealFlink> {
    await installFlink();
    for (let tries = 1; ; tries++)
      try {
        return await RealFlink.#startOnce(options);
      } catch (error) {
        // Others may take a port between its finding and its use.
        if (tries === triesMax) throw error;
      }
  }
  static async #startOnce(options: FlinkOptions): Promise<RealFlink> {
    const folder = mkdtempSync(join(home, 'run-'));
    const [rest, gateway, rpc] = [await freePort(), await freePort(), await freePort()];
    const config = {
      'jobmanager.rpc.address': '127.0.0.1',
      'jobmanager.rpc.port': String(rpc),
      'rest.address': '127.0.0.1',
      'rest.port': String(rest),
      'rest.bind-address': '127.0.0.1',
      'taskmanager.host': '127.0.0.1',
      'taskmanager.bind-host': '127.0.0.1',
      'jobmanager.bind-host': '127.0.0.1',
      'taskmanager.numberOfTaskSlots': String(options.slots ?? 4),
      'parallelism.default': '1',
      'sql-gateway.endpoint.rest.address': '127.0.0.1',
      'sql-gateway.endpoint.rest.port': String(gateway),
      'restart-strategy.type': 'none',
      'execution.checkpointing.savepoint-dir': `file://${folder}/savepoints`,
      'io.tmp.dirs': folder,
      'jobmanager.memory.process.size': '1600m',
      // Jobs that are over are not asked for again; thousands of them would fill the JobManager.
      'jobstore.max-capacity': '20',
      'jobstore.cache-size': '1048576',
      ...options.config,
    };
    writeFileSync(
      join(folder, 'config.yaml'),
      Object.entries(config)
        .map(([k, v]) => `${k}: ${JSON.stringify(v)}`)
        .join('\n'),
    );
    writeFileSync(
      join(folder, 'log4j.properties'),
      'rootLogger.level = WARN\nrootLogger.appenderRef.c.ref = c\nappender.c.name = c\nappender.c.type = CONSOLE\nappender.c.layout.type = PatternLayout\nappender.c.layout.pattern = %p %c %m%n\n',
    );
    const flink = new RealFlink(folder, rest, gateway, options);
    flink.#spawn('org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint', 768, [
      '-c',
      folder,
    ]);
    flink.#startTaskManager(options.heapMb ?? 1024);
    flink.#spawn('org.apache.flink.table.gateway.SqlGateway', 1024, []);
    try {
      await flink.#ready();
    } catch (error) {
      await flink.close();
      throw error;
    }
    return flink;
  }

  #startTaskManager(heap: number): void {
    this.#taskManager = this.#spawn('org.apache.flink.runtime.taskexecutor.TaskManagerRunner', heap, [
      '-c',
      this.#folder,
      ...Object.entries({
        'taskmanager.cpu.cores': '4.0',
        'taskmanager.memory.task.heap.size': `${heap}m`,
        'taskmanager.memory.framework.heap.size': '128m',
        'taskmanager.memory.managed.size': '256m',
        'taskmanager.memory.network.min': '128m',
        'taskmanager.memory.network.max': '128m',
        'taskmanager.memory.framework.off-heap.size': '128m',
        'taskmanager.memory.task.off-heap.size': '64m',
        'taskmanager.memory.jvm-metaspace.size': '256m',
        'taskmanager.memory.jvm-overhead.min': '192m',
        'taskmanager.memory.jvm-overhead.max': '192m',
      }).flatMap(([k, v]) => ['-D', `${k}=${v}`]),
    ]);
    const { stdout } = this.#taskManager;
    if (this.#printed !== undefined) stdout?.setEncoding('utf8').on('data', this.#printed);
  }
  /** Kills the TaskManager as a crash would, and starts another. Jobs with a restart strategy go on from their last
   *  checkpoint. */
  async loseTaskManager(heapMb = 1024): Promise<void> {
    const lost = this.#taskManager!;
    this.#processes.splice(this.#processes.indexOf(lost), 1);
    await ended(lost);
    this.#startTaskManager(heapMb);
  }

  #spawn(mainClass: string, heapMb: number, args: readonly string[]): ChildProcess {
    const child = spawn(
      'java',
      [
        ...opens,
        ...this.#jvm,
        `-Xmx${heapMb}m`,
        `-Dlog4j.configurationFile=${join(this.#folder, 'log4j.properties')}`,
        '-cp',
        [`${join(pyflink, 'lib')}/*`, `${lib}/*`, ...this.#classPath].join(':'),
        mainClass,
        ...args,
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...process.env,
          FLINK_CONF_DIR: this.#folder,
          FLINK_LIB_DIR: join(pyflink, 'lib'),
          FLINK_OPT_DIR: join(pyflink, 'opt'),
          FLINK_PLUGINS_DIR: join(pyflink, 'plugins'),
        },
      },
    );
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        this.#output = (this.#output + String(text)).slice(-8000);
      });
    this.#processes.push(child);
    return child;
  }
  async #ready(): Promise<void> {
    for (let tries = 0; tries < 600; tries++) {
      const dead = this.#processes.find((p) => p.exitCode !== null);
      if (dead !== undefined) throw new Error(`Flink did not start:\n${this.#output}`);
      try {
        const { 'slots-total': slots } = await this.jobManager<{ 'slots-total': number }>('/overview');
        await this.#post('/sessions', {});
        if (slots > 0) return;
      } catch {
        // Not yet.
      }
      await sleep(100);
    }
    throw new Error(`Flink did not come up in time:\n${this.#output}`);
  }

  /** GET of the JobManager's REST interface. */
  async jobManager<T>(path: string): Promise<T> {
    const response = await fetch(`http://127.0.0.1:${this.#rest}${path}`);
    return (await response.json()) as T;
  }
  async #post(path: string, body: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${this.#gateway}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new FlinkError(JSON.stringify(answer['errors'] ?? answer));
    return answer;
  }
  async get(path: string, signal?: AbortSignal): Promise<Record<string, unknown>> {
    const response = await fetch(`http://127.0.0.1:${this.#gateway}${path}`, signal && { signal });
    const answer = parseExact(await response.text()) as Record<string, unknown>;
    if (!response.ok) throw new FlinkError(JSON.stringify(answer['errors'] ?? answer));
    return answer;
  }
  async forget(path: string): Promise<void> {
    const signal = AbortSignal.timeout(10_000);
    await fetch(`http://127.0.0.1:${this.#gateway}${path}`, { method: 'DELETE', signal });
  }
  async session(settings: Readonly<Record<string, string>> = {}): Promise<FlinkSession> {
    const { sessionHandle } = await this.#post('/sessions', { properties: settings });
    return new FlinkSession(this, `/sessions/${String(sessionHandle)}`, (path, body) =>
      this.#post(path, body),
    );
  }
  /** Where its SQL gateway listens. */
  get gateway(): string {
    return `http://127.0.0.1:${this.#gateway}`;
  }
  /** Whether all three processes run. */
  get alive(): boolean {
    return this.#processes.every((p) => p.exitCode === null && p.signalCode === null);
  }
  /** CPU seconds that the TaskManager has used so far: user and system. */
  taskManagerCpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#taskManager!.pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }
  async close(): Promise<void> {
    await Promise.all(this.#processes.map(ended));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Kills a process and waits until it is gone. */
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => {
    child.once('exit', done);
  });
  child.kill('SIGKILL');
  await gone;
}

/** JSON whose integers keep their digits: those beyond 2^53 stay text. */
function parseExact(text: string): unknown {
  const reviver = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' &&
    Number.isInteger(value) &&
    !Number.isSafeInteger(value) &&
    /^-?\d+$/.test(context?.source ?? '')
      ? context!.source
      : value;
  return JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
}

/** What Flink said of a statement that it refused or that failed. */
export class FlinkError extends Error {
  /** The innermost reason, on one line. */
  get reason(): string {
    const causes = [...this.message.matchAll(/Caused by: ([^\\\n]+)/g)];
    return (causes.at(-1)?.[1] ?? this.message).slice(0, 400);
  }
}

/** A statement that had no answer in its time, or whose Flink is gone. */
export class FlinkSilent extends Error {}

export interface FlinkResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly { readonly kind: string; readonly fields: readonly unknown[] }[];
  readonly job: string | undefined;
}

export class FlinkSession {
  readonly #flink: RealFlink;
  readonly #path: string;
  readonly #post: (path: string, body: unknown) => Promise<Record<string, unknown>>;

  constructor(
    flink: RealFlink,
    path: string,
    post: (path: string, body: unknown) => Promise<Record<string, unknown>>,
  ) {
    this.#flink = flink;
    this.#path = path;
    this.#post = post;
  }
  /** Runs a statement to its end and returns every change. Throws FlinkError, and FlinkSilent after `limitMs`. */
  async execute(statement: string, limitMs?: number): Promise<FlinkResult> {
    const { operationHandle } = await this.#post(`${this.#path}/statements`, { statement });
    const operation = `/v3${this.#path}/operations/${String(operationHandle)}`;
    try {
      return await this.#results(operation, limitMs === undefined ? undefined : AbortSignal.timeout(limitMs));
    } finally {
      // The gateway keeps what it planned and found for as long as the session lasts.
      await this.#flink.forget(`${operation}/close`);
    }
  }
  /** Ends the session, and what it created with it. */
  async close(): Promise<void> {
    await this.#flink.forget(this.#path);
  }
  async #results(operation: string, limit: AbortSignal | undefined): Promise<FlinkResult> {
    const rows: FlinkResult['rows'][number][] = [];
    let columns: FlinkResult['columns'] = [];
    let job: string | undefined;
    let next: string | undefined = `${operation}/result/0?rowFormat=JSON`;
    let pauseMs = 5;
    while (next !== undefined) {
      if (limit?.aborted === true || !this.#flink.alive) throw new FlinkSilent();
      const page = await this.#flink.get(next, limit);
      job ??= page['jobID'] as string | undefined;
      const results = page['results'] as
        | { columns?: { name: string; logicalType: { type: string } }[]; data?: FlinkResult['rows'] }
        | undefined;
      if (results?.columns)
        columns = results.columns.map((c) => ({ name: c.name, type: JSON.stringify(c.logicalType) }));
      rows.push(...(results?.data ?? []));
      if (page['resultType'] === 'EOS') break;
      if (results?.data === undefined || results.data.length === 0)
        await sleep((pauseMs = Math.min(pauseMs * 1.5, 100)));
      next = page['nextResultUri'] as string | undefined;
    }
    return { columns, rows, job };
  }
}
