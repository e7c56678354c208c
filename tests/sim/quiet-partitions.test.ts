/* Event time of partitions behind a restore, simulated: one that is ahead and silent is known, at every parallelism; and one
 * that was idle is waited for again, for rows may have come while nobody read. */

import { expect, test } from 'vitest';
import { Broker } from '#broker';
import { kafkaConnectorOver } from '#connectors';
import type { JobSnapshot } from '#dataflow';
import { Executor, type EngineJob } from '#engine';
import { SessionSettings } from '#plan';
import { parseStatement } from '#sql';
import { SimWorld } from '#testkit';

const second = 1000;
const table = (name: string, columns: string, more = ''): string =>
  `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = 'sim:9092', 'format' = 'json'${more})`;

class Simulation {
  readonly #world: SimWorld;
  readonly #broker: Broker;
  readonly #engine: Executor;

  private constructor(world: SimWorld, broker: Broker, settings: SessionSettings) {
    this.#world = world;
    this.#broker = broker;
    const connectors = new Map([['kafka', kafkaConnectorOver(() => broker.connect())]]);
    this.#engine = new Executor({ world, settings, connectors });
  }
  static async open(options: Readonly<Record<string, string>> = {}): Promise<Simulation> {
    const world = new SimWorld(1);
    const broker = await Broker.start({ world, listen: false });
    broker.topics.create('clicks', { partitions: 2 });
    broker.topics.create('counts');
    const settings = new SessionSettings();
    for (const [key, value] of Object.entries(options)) settings.set(key, value);
    const sim = new Simulation(world, broker, settings);
    for (const sql of [
      table('clicks', 'at TIMESTAMP(3), WATERMARK FOR at AS at', ", 'scan.startup.mode' = 'earliest-offset'"),
      table('counts', 'window_start TIMESTAMP(3), n BIGINT'),
    ])
      await sim.#engine.execute(parseStatement(sql));
    return sim;
  }
  /** Lets everything run for so long by the simulated clock. */
  async run(ms: number): Promise<void> {
    const end = this.#world.now() + ms;
    for (;;) {
      for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (this.#world.nextTimer > end) break;
      this.#world.moveTo(this.#world.nextTimer);
    }
    this.#world.moveTo(end);
  }
  async #settled<T>(asked: Promise<T>): Promise<T> {
    let over = false;
    const done = asked.finally(() => {
      over = true;
    });
    done.catch(() => {});
    while (!over) await this.run(100);
    return await done;
  }
  /** Records come later than the clock is looked at. */
  delayFetches(count: number): void {
    for (let i = 0; i < count; i++) this.#broker.inject({ request: 'Fetch', delayMs: 300 });
  }
  /** Clicks at seconds of event time. */
  produce(partition: number, ...seconds: readonly number[]): void {
    const values = seconds.map((s) => ({ value: JSON.stringify({ at: `2024-01-01 00:${clock(s)}` }) }));
    this.#broker.produce('clicks', values, partition);
  }
  async start(parallelism: number, restore?: JobSnapshot): Promise<EngineJob> {
    const insert = parseStatement(
      `INSERT INTO counts SELECT window_start, COUNT(*) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(at), INTERVAL '1' SECOND)) GROUP BY window_start, window_end`,
    );
    const execution = await this.#settled(
      this.#engine.execute(insert, { parallelism, ...(restore && { restore }) }),
    );
    if (execution.kind !== 'job') throw new TypeError('an INSERT is a job');
    return execution.job;
  }
  async stop(job: EngineJob): Promise<JobSnapshot> {
    const snapshot = await this.#settled(job.checkpoint());
    await job.cancel();
    return snapshot;
  }
  /** Seconds of closed windows, and the rows of each. */
  closed(): string[] {
    return this.#broker
      .read('counts')
      .map((r) => JSON.parse(String(r.value)) as { readonly window_start: string; readonly n: number })
      .map(({ window_start, n }) => `${window_start.slice('2024-01-01 00:'.length)} ${n}`)
      .sort();
  }
  async close(job: EngineJob): Promise<void> {
    await job.cancel();
    await this.#broker.stop();
  }
}
const clock = (s: number): string =>
  [Math.floor(s / 60), s % 60].map((part) => String(part).padStart(2, '0')).join(':');

test.each([
  [2, 3],
  [3, 2],
  [3, 1],
  [1, 2],
  [2, 2],
])('a partition that is ahead and silent: parallelism %i, then %i', async (before, after) => {
  const sim = await Simulation.open();
  sim.produce(0, 1, 2, 3);
  sim.produce(1, 2, 100);
  const first = await sim.start(before);
  await sim.run(5 * second);
  expect(sim.closed()).toEqual(['00:01 1', '00:02 2']);
  const snapshot = await sim.stop(first);
  sim.produce(0, 4, 5, 50);
  const job = await sim.start(after, snapshot);
  await sim.run(5 * second);
  expect(sim.closed()).toEqual(['00:01 1', '00:02 2', '00:03 1', '00:04 1', '00:05 1']);
  await sim.close(job);
});

test.each([[1], [2], [3]])(
  'rows that came to an idle partition while nobody read are not late: parallelism %i',
  async (parallelism) => {
    const sim = await Simulation.open({ 'table.exec.source.idle-timeout': '10 s' });
    sim.produce(0, 1, 2, 3);
    sim.produce(1, 2, 10);
    const first = await sim.start(parallelism);
    await sim.run(5 * second);
    expect(sim.closed()).toEqual(['00:01 1', '00:02 2']);
    const snapshot = await sim.stop(first);
    await sim.run(3600 * second);
    sim.produce(0, 4, 5, 50);
    sim.produce(1, 11, 50);
    sim.delayFetches(parallelism);
    const job = await sim.start(parallelism, snapshot);
    await sim.run(5 * second);
    const closed = ['00:01 1', '00:02 2', '00:03 1', '00:04 1', '00:05 1', '00:10 1', '00:11 1'];
    expect(sim.closed()).toEqual(closed);
    await sim.close(job);
  },
);
