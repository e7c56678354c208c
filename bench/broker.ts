/* npm run bench -- broker: the embedded Kafka beside Kafka 4.1, in the same run, by Kafka's own ProducerPerformance and
 * ConsumerPerformance from one client at a time (acks=all, idempotent, as the client's defaults are).
 *
 *   in memory │ on disk │ Kafka      each: 1 KB and 100 B records; produced as fast as it goes, then at a steady rate for
 *   latencies, then consumed
 *
 * Also: how long a start takes in process, what 2,000 connections do to a producer, and what a million messages weigh.
 * Writes bench/broker.md. */

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { installKafka, RealKafka } from '../tools/kafka.ts';

const run = promisify(execFile);
const sizes = [
  { bytes: 1024, records: 400_000, steady: 10_000 },
  { bytes: 100, records: 2_000_000, steady: 50_000 },
] as const;
const connections = 2000;
const kafkaHeap = '768 MB here (tools/kafka.ts), 1 GB by its own start script';

interface Produced {
  readonly perSecond: number;
  readonly p99: number;
}
interface Figure {
  readonly target: string;
  readonly bytes: number;
  readonly produced: Produced;
  readonly steady: Produced;
  readonly consumedPerSecond: number;
}
class OurBroker {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly address: string;
  readonly startMs: number;
  private constructor(child: ChildProcess, lines: AsyncIterator<string>, first: string) {
    this.#child = child;
    this.#lines = lines;
    const { address, startMs } = JSON.parse(first) as { address: string; startMs: number };
    this.address = address;
    this.startMs = startMs;
  }
  static async start(dir?: string): Promise<OurBroker> {
    const child = spawn(
      process.execPath,
      [
        '--conditions=source',
        '--disable-warning=ExperimentalWarning',
        join(import.meta.dirname, 'broker-ours.ts'),
        ...(dir === undefined ? [] : [`dir=${dir}`]),
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
    return new OurBroker(child, lines, String((await lines.next()).value));
  }
  async residentBytes(): Promise<number> {
    this.#child.stdin!.write('\n');
    return (JSON.parse(String((await this.#lines.next()).value)) as { rss: number }).rss;
  }
  async stop(): Promise<void> {
    const ended = new Promise((done) => this.#child.once('exit', done));
    this.#child.stdin!.end();
    await ended;
  }
}

const lib = await installKafka();
async function tool(mainClass: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run('java', ['-cp', `${lib}/*`, `org.apache.kafka.tools.${mainClass}`, ...args], {
    maxBuffer: 64 << 20,
  });
  return stdout;
}
async function produce(
  address: string,
  topic: string,
  bytes: number,
  records: number,
  rate: number,
): Promise<Produced> {
  const out = await tool(
    'ProducerPerformance',
    ...[
      '--topic',
      topic,
      '--num-records',
      `${records}`,
      '--record-size',
      `${bytes}`,
      '--throughput',
      `${rate}`,
    ],
    ...['--producer-props', `bootstrap.servers=${address}`, 'acks=all', 'batch.size=65536', 'linger.ms=5'],
  );
  const last = out.trim().split('\n').at(-1)!;
  const perSecond = Number(/([\d.]+) records\/sec/.exec(last)![1]);
  return { perSecond, p99: Number(/(\d+) ms 99th/.exec(last)![1]) };
}
async function consume(address: string, topic: string, records: number): Promise<number> {
  const out = await tool(
    'ConsumerPerformance',
    ...['--bootstrap-server', address, '--topic', topic, '--messages', `${records}`],
  );
  const cells = out
    .trim()
    .split('\n')
    .at(-1)!
    .split(',')
    .map((c) => c.trim());
  // The last column is messages per second of fetching alone, without the group's first rebalance.
  return Number(cells.at(-1));
}
const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

async function measure(target: string, address: string): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { bytes, records, steady } of sizes) {
    const topic = `bench-${bytes}`;
    await produce(address, `warm-${bytes}`, bytes, records / 10, -1);
    const produced = await produce(address, topic, bytes, records, -1);
    const paced = await produce(address, `steady-${bytes}`, bytes, steady * 10, steady);
    const consumedPerSecond = await consume(address, topic, records);
    figures.push({ target, bytes, produced, steady: paced, consumedPerSecond });
    say(JSON.stringify(figures.at(-1)));
  }
  return figures;
}

/** Connections that ask for ApiVersions once and then stay. */
async function crowd(address: string): Promise<{ readonly sockets: readonly Socket[]; readonly ms: number }> {
  const [host, port] = address.split(':');
  const request = Buffer.from([0, 0, 0, 14, 0, 18, 0, 0, 0, 0, 0, 1, 0, 4, 99, 114, 111, 119]);
  request.writeInt32BE(request.length - 4);
  const from = performance.now();
  const sockets = await Promise.all(
    Array.from(
      { length: connections },
      () =>
        new Promise<Socket>((done, failed) => {
          const socket = connect(Number(port), host);
          socket.once('error', failed);
          socket.once('connect', () => socket.write(request));
          socket.once('data', () => done(socket));
        }),
    ),
  );
  return { sockets, ms: performance.now() - from };
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-bench-broker-'));
let real: RealKafka | undefined;
try {
  const memory = await OurBroker.start();
  const ours = await measure('in memory', memory.address);
  await memory.stop();
  const disk = await OurBroker.start(join(folder, 'data'));
  const onDisk = await measure('on disk', disk.address);
  await disk.stop();
  real = await RealKafka.start();
  const theirs = await measure('Kafka 4.1', real.bootstrapServers);

  const million = await OurBroker.start();
  await produce(million.address, 'warm', 100, 1000, -1);
  const before = await million.residentBytes();
  await produce(million.address, 'million', 100, 1_000_000, -1);
  const after = await million.residentBytes();
  const { sockets, ms } = await crowd(million.address);
  const crowded = await produce(million.address, 'crowded', 100, 500_000, 50_000);
  for (const socket of sockets) socket.destroy();
  const { startMs } = million;
  await million.stop();

  const text = report([...ours, ...onDisk, ...theirs], { before, after, ms, crowded, startMs });
  console.log(text);
  if (!process.argv.includes('--dry')) writeFileSync('bench/broker.md', text);
} finally {
  await real?.close();
  rmSync(folder, { recursive: true, force: true });
}

interface Extras {
  readonly before: number;
  readonly after: number;
  readonly ms: number;
  readonly crowded: Produced;
  readonly startMs: number;
}
function report(all: readonly Figure[], extras: Extras): string {
  const n = (value: number): string => Math.round(value).toLocaleString('en');
  const of = (target: string, bytes: number): Figure =>
    all.find((f) => f.target === target && f.bytes === bytes)!;
  const ratio = (a: number, b: number): string => (a / b).toFixed(2);
  const rows = all.map((f) => {
    const kafka = of('Kafka 4.1', f.bytes);
    return `| ${f.target} | ${f.bytes} B | ${n(f.produced.perSecond)} | ${ratio(f.produced.perSecond, kafka.produced.perSecond)} | ${f.produced.p99} ms | ${f.steady.p99} ms | ${n(f.consumedPerSecond)} | ${ratio(f.consumedPerSecond, kafka.consumedPerSecond)} |`;
  });
  const mb = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
  return `# The embedded Kafka beside Kafka 4.1

By Kafka's own ProducerPerformance and ConsumerPerformance, one client at a time, acks=all, idempotent, batch.size 65536, linger.ms 5, one
partition, in one run on ${cpus().length} cores (${cpus()[0]!.model.trim()}), Node ${process.version}. Kafka keeps its log on disk, as it always does.

| broker | record | produced a second | to Kafka | p99, at full speed | p99, at a steady rate | consumed a second | to Kafka |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}

The steady rate is ${sizes.map((s) => `${n(s.steady)} records a second of ${s.bytes} B`).join(' and ')}, for ten seconds.

- Start in process: ${extras.startMs.toFixed(1)} ms (first start of a process; the code was loaded before).
- ${n(connections)} connections, each with an answered request, were open after ${n(extras.ms)} ms; beside them a producer of 50,000 records a second had a p99 of ${extras.crowded.p99} ms.
- A million messages of 100 B in memory: resident memory of the whole process went from ${mb(extras.before)} to ${mb(extras.after)}; Kafka's heap is ${kafkaHeap}.
`;
}
