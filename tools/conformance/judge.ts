/* The judge: a real Flink, and beside it the Kafka and the PostgreSQL that its tables need, each started when first asked
 * for. One folder holds the files that tables read. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testServer, type TestServer } from '../../packages/connectors/test/jdbc/server.ts';
import { RealFlink, type FlinkOptions, type FlinkSession } from '../flink.ts';
import { kafkaMissing, RealKafka } from '../kafka.ts';

/** A watermark after every row, one instance: then answers can be had again. */
const settings = {
  'pipeline.auto-watermark-interval': '0 ms',
  'table.local-time-zone': 'UTC',
  'parallelism.default': '1',
  'table.dml-sync': 'true',
};

/** Queries that run at a time where each takes its time. */
export const together = 12;

/** `printed` gets what print sinks write; `classPath` is of jars beside those of Flink. */
export type JudgeOptions = Pick<FlinkOptions, 'printed' | 'classPath'>;

export class Judge {
  #flink: RealFlink;
  readonly folder: string;
  readonly #options: JudgeOptions;
  #kafka: Promise<RealKafka> | undefined;
  #postgres: Promise<TestServer> | undefined;

  private constructor(flink: RealFlink, options: JudgeOptions) {
    this.#flink = flink;
    this.#options = options;
    this.folder = mkdtempSync(join(tmpdir(), 'millrace-conformance-'));
  }
  static async start(options: JudgeOptions = {}): Promise<Judge> {
    return new Judge(await startFlink(options), options);
  }
  /** Another Flink in place of one that does not answer; its sessions end. */
  async renew(): Promise<void> {
    await this.#flink.close();
    this.#flink = await startFlink(this.#options);
  }
  /** A session without tables, in which INSERT waits for its end. */
  async session(): Promise<FlinkSession> {
    return await this.#flink.session(settings);
  }
  async kafka(): Promise<RealKafka> {
    this.#kafka ??= startKafka();
    return await this.#kafka;
  }
  async postgres(): Promise<TestServer> {
    this.#postgres ??= testServer();
    return await this.#postgres;
  }
  async close(): Promise<void> {
    try {
      await this.#flink.close();
      await (await this.#kafka)?.close();
      await (await this.#postgres)?.stop();
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}

const startFlink = async (options: JudgeOptions): Promise<RealFlink> =>
  await RealFlink.start({
    heapMb: 1024,
    slots: together + 4,
    small: true,
    ...options,
  });

async function startKafka(): Promise<RealKafka> {
  const missing = await kafkaMissing();
  if (missing !== undefined) throw new Error(missing);
  return await RealKafka.start();
}

/** The same, some of them at a time. */
export async function countedTogether<T, R>(
  name: string,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = new Array<R>(items.length);
  const waiting = [...items.entries()];
  let done = 0;
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next[0]] = await work(next[1]);
      process.stderr.write(`\r${name} ${++done} of ${items.length} `);
    }
  };
  await Promise.all(Array.from({ length: together }, lane));
  process.stderr.write('\n');
  return results;
}

/** One line on the terminal that says how far it is. */
export async function counted<T, R>(
  name: string,
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (const [i, item] of items.entries()) {
    process.stderr.write(`\r${name} ${i + 1} of ${items.length} `);
    results.push(await work(item, i));
  }
  process.stderr.write('\n');
  return results;
}
