/* Pipelines with Kafka in them, simulated: the production code of engine, connector and broker over one simulated clock,
 * with faults between them and crashes of the job, all from a seed.
 *
 *   broker.produce ─▶ topic ─▶ kafka source ─▶ TUMBLE ─▶ kafka sink ─▶ topic ─▶ broker.read, against a recomputation
 *
 * Delivery is at least once: every closed window is there, and nothing but closed windows. */

import { expect, test } from 'vitest';
import { Rng } from '#base';
import { Broker } from '#broker';
import { kafkaConnectorOver } from '#connectors';
import { Executor, type EngineJob } from '#engine';
import { parseStatement } from '#sql';
import { SimWorld } from '#testkit';

const minute = 60_000;
const start = Date.UTC(2024, 0, 1);
const topicTable = (name: string, columns: string, more: string): string =>
  `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = 'sim:9092', 'format' = 'json'${more})`;

class Simulation {
  readonly world: SimWorld;
  readonly rng: Rng;
  broker!: Broker;
  engine!: Executor;
  job: EngineJob | undefined;
  /** What was produced, by time. */
  readonly produced: { readonly page: string; readonly at: number }[] = [];
  #checkpoint: Awaited<ReturnType<EngineJob['checkpoint']>> | undefined;
  #clock = 0;

  constructor(seed: number) {
    this.world = new SimWorld(seed);
    this.rng = new Rng(seed * 7919);
  }
  async open(): Promise<void> {
    this.broker = await Broker.start({ world: this.world, listen: false });
    this.broker.topics.create('clicks');
    this.broker.topics.create('counts');
    this.engine = new Executor({
      world: this.world,
      connectors: new Map([['kafka', kafkaConnectorOver(() => this.broker.connect())]]),
    });
    for (const sql of [
      topicTable(
        'clicks',
        "page STRING, at TIMESTAMP(3), WATERMARK FOR at AS at - INTERVAL '5' SECOND",
        ", 'scan.startup.mode' = 'earliest-offset'",
      ),
      topicTable('counts', 'window_start TIMESTAMP(3), page STRING, n BIGINT', ''),
    ])
      await this.engine.execute(parseStatement(sql));
  }
  /** Lets everything run that can without the clock, then moves the clock to the next timer, `steps` times. */
  async run(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) {
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
      const next = this.world.nextTimer;
      if (next < Infinity) this.world.moveTo(next);
    }
  }
  produce(count: number): void {
    const records = Array.from({ length: count }, () => {
      this.#clock += this.rng.below(4000);
      const click = { page: `p${this.rng.below(3)}`, at: start + this.#clock - this.rng.below(5000) };
      this.produced.push(click);
      return {
        value: JSON.stringify({
          page: click.page,
          at: new Date(click.at).toISOString().replace('T', ' ').slice(0, -1),
        }),
      };
    });
    this.broker.produce('clicks', records);
  }
  /** Starts the job, from the last checkpoint if there is one. It fails when the broker is unkind: then again. */
  async startJob(): Promise<void> {
    const insert = parseStatement(
      `INSERT INTO counts SELECT window_start, page, COUNT(*) FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(at), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end, page`,
    );
    const starting = this.engine.execute(
      insert,
      this.#checkpoint === undefined ? {} : { restore: this.#checkpoint },
    );
    let settled = false;
    const done = starting.finally(() => {
      settled = true;
    });
    done.catch(() => {});
    while (!settled) await this.run(1);
    const execution = await done;
    if (execution.kind === 'job') this.job = execution.job;
  }
  async checkpoint(): Promise<void> {
    const taking = this.job!.checkpoint();
    let settled = false;
    taking.then(
      (snapshot) => {
        this.#checkpoint = snapshot;
        settled = true;
      },
      () => {
        settled = true;
      },
    );
    for (let i = 0; i < 200 && !settled; i++) await this.run(1);
  }
  /** The broker dies and comes back with what it had: clients notice by their connections. */
  async restartBroker(): Promise<void> {
    const snapshot = this.broker.snapshot();
    await this.broker.stop();
    this.broker = await Broker.start({ world: this.world, listen: false, snapshot });
  }
  async crash(): Promise<void> {
    await this.job!.cancel();
    await this.startJob();
  }
  fault(): void {
    const request = this.rng.pick(['Fetch', 'Produce', 'ListOffsets', 'Metadata'] as const);
    const kind = this.rng.below(4);
    if (kind === 0) this.broker.inject({ request, drop: 'before' });
    else if (kind === 1) this.broker.inject({ request, drop: 'after' });
    else if (kind === 2) this.broker.inject({ request, delayMs: 300 });
    else if (request !== 'Metadata') this.broker.inject({ request, error: 'NOT_LEADER_OR_FOLLOWER' });
  }
  /** Windows whose end the watermark has passed. */
  expected(): Map<string, number> {
    const watermark = Math.max(...this.produced.map((c) => c.at)) - 5000;
    const counts = new Map<string, number>();
    for (const { page, at } of this.produced) {
      const from = Math.floor(at / minute) * minute;
      if (from + minute - 1 > watermark) continue;
      const key = `${new Date(from).toISOString()} ${page}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return counts;
  }
  written(): Map<string, number> {
    const rows = this.broker
      .read('counts')
      .map((r) => JSON.parse(String(r.value)) as Record<string, unknown>);
    return new Map(
      rows.map((r) => [
        `${new Date(`${String(r['window_start']).replace(' ', 'T')}Z`).toISOString()} ${String(r['page'])}`,
        Number(r['n']),
      ]),
    );
  }
}

const firstSeed = Number(process.env['MILLRACE_FIRST_SEED'] ?? 1);
const seeds = Array.from({ length: Number(process.env['MILLRACE_SEEDS'] ?? 50) }, (_, i) => firstSeed + i);
test.each(seeds)('seed %i: every closed window, whatever went wrong', async (seed) => {
  const sim = new Simulation(seed);
  await sim.open();
  sim.produce(20);
  await sim.startJob();
  for (let round = 0; round < 12; round++) {
    sim.produce(5 + sim.rng.below(30));
    if (sim.rng.below(2) === 0) sim.fault();
    await sim.run(2 + sim.rng.below(6));
    if (sim.rng.below(5) === 0) await sim.restartBroker();
    if (sim.rng.below(3) === 0) await sim.checkpoint();
    if (sim.job!.state !== 'running') await sim.startJob();
    else if (sim.rng.below(4) === 0) await sim.crash();
  }
  for (let i = 0; i < 40 && sim.written().size < sim.expected().size; i++) {
    await sim.run(5);
    if (sim.job!.state !== 'running') await sim.startJob();
  }
  expect(sim.written()).toEqual(sim.expected());
  await sim.job!.cancel();
  await sim.broker.stop();
});
