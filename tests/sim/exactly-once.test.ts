/* Kafka to Kafka exactly once, simulated: the production code of engine, checkpoints, connector and broker over one
 * simulated machine. Processes are killed and machines lose power at any moment, the broker restarts, requests and answers
 * are lost on both ends, and other producers write in transactions that they abort.
 *
 *   plain and transactional producers ─▶ topic ─▶ read_committed source ─▶ a query ─▶ exactly-once sink ─▶ topic
 *
 * In some seeds a part of the records is broken, and goes to the topic of dead letters: then what was read is what was
 * written, filtered and dead.
 *
 * What a reader of committed records sees is what an undisturbed run writes: every row once. Each start of the job has a
 * parallelism of its own; in a third of the seeds all state lies on disk. */

import { expect, test } from 'vitest';
import { ExternalError, Rng } from '#base';
import { Broker } from '#broker';
import { kafkaConnectorOver } from '#connectors';
import { Executor, type EngineJob } from '#engine';
import type { NewStore } from '#dataflow';
import { SessionSettings } from '#plan';
import { parseStatement } from '#sql';
import { DiskStore, setStateGrain, StateQuota } from '#state';
import { SimWorld } from '#testkit';
import { minute, queries, type Click, type QueryName } from './queries.ts';
import { SimProcess } from './sim-process.ts';
import { readResponse, writeRequest } from '#kafka';
import {
  TransactionalProducer,
  type Send,
} from '../../packages/connectors/test/kafka/transactional-producer.ts';

const start = Date.UTC(2024, 0, 1);
const partitions = 2;
const table = (name: string, columns: string, more: string): string =>
  `CREATE TABLE ${name} (${columns}) WITH ('connector' = 'kafka', 'topic' = '${name}', 'properties.bootstrap.servers' = 'sim:9092', 'format' = 'json'${more})`;
const tablesOf = (query: QueryName, isAligned: boolean): readonly string[] => [
  table(
    'clicks',
    "id BIGINT, page STRING, at TIMESTAMP(3), WATERMARK FOR at AS at - INTERVAL '5' SECOND",
    ", 'scan.startup.mode' = 'earliest-offset', 'properties.isolation.level' = 'read_committed', 'properties.group.id' = 'g'" +
      (query === 'letters' ? ", 'millrace.on-error' = 'dead-letter'" : '') +
      (isAligned
        ? ", 'scan.watermark.alignment.group' = 'g', 'scan.watermark.alignment.max-drift' = '2 s'"
        : ''),
  ),
  table(
    'results',
    'id BIGINT, page STRING',
    ", 'sink.delivery-guarantee' = 'exactly-once', 'sink.transactional-id-prefix' = 'results', 'properties.transaction.timeout.ms' = '900000'",
  ),
];
/** A producer in transactions, and what is in the open one. */
interface Other {
  readonly producer: TransactionalProducer;
  readonly clicks: Click[];
}
const jsonOf = ({ id, page, at }: Click): string =>
  JSON.stringify({ id, page, at: new Date(at).toISOString().replace('T', ' ').slice(0, -1) });

/** No row of state stays in memory behind a run. */
const onDisk =
  ({ maps }: SimProcess): NewStore =>
  (place) => {
    const name = place && `${place.id}-${place.instance}of${place.instances}`;
    return new DiskStore({ maps, folder: '/disk', name, wake: place?.wake }, new StateQuota(0, 1));
  };

class Simulation {
  readonly machine: SimWorld;
  readonly rng: Rng;
  readonly query: QueryName;
  readonly #isOnDisk: boolean;
  /** A partition that is ahead waits for the other. */
  readonly #isAligned: boolean;
  broker!: Broker;
  job: EngineJob | undefined;
  #process: SimProcess | undefined;
  readonly #others: Other[];
  /** What counts. */
  readonly #committed: Click[] = [];
  #clock = 0;
  #ids = 0;

  constructor(seed: number) {
    this.machine = new SimWorld(seed);
    this.rng = new Rng(seed * 6151);
    const names = Object.keys(queries) as QueryName[];
    this.query = names[seed % names.length]!;
    this.#isOnDisk = seed % 3 === 0;
    this.#isAligned = seed % 5 < 2;
    this.#others = ['x', 'y'].map((id) => ({
      producer: new TransactionalProducer(this.#ask, id),
      clicks: [],
    }));
  }
  async open(): Promise<void> {
    // Code that loads takes time that the clock does not know of.
    await kafkaConnectorOver(() => this.broker.connect()).load();
    this.broker = await Broker.start({ world: this.machine, listen: false });
    this.broker.topics.create('clicks', { partitions });
    this.broker.topics.create('results', { partitions });
    this.broker.topics.create('clicks.dlq', { partitions });
  }
  /** For producers outside of the job. */
  readonly #ask: Send = async (name, message, version) => {
    const link = this.broker.connect();
    const head = { version, correlation: 1, clientId: 'outside' };
    const answer = await link.send(Buffer.concat(writeRequest(name, message, head)));
    link.close();
    return readResponse(name, version, answer!);
  };
  /** Lets everything run that can without the clock, then moves the clock to the next timer, `steps` times. */
  async run(steps: number): Promise<void> {
    for (let i = 0; i < steps; i++) {
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
      const next = this.machine.nextTimer;
      if (next < Infinity) this.machine.moveTo(next);
    }
  }

  #click(): Click {
    this.#clock += this.rng.below(4000);
    return {
      id: this.#ids++,
      page: `p${this.rng.below(3)}`,
      at: start + this.#clock - this.rng.below(5000),
    };
  }
  #isBroken({ id }: Click): boolean {
    return this.query === 'letters' && id % 7 < 2;
  }
  /** Broken ones are cut. */
  #valueOf(click: Click): string {
    return this.#isBroken(click) ? `{"id":${click.id},` : jsonOf(click);
  }
  /** Some clicks, plain or in a transaction that ends later, well or not. */
  async produce(): Promise<void> {
    const clicks = Array.from({ length: 1 + this.rng.below(20) }, () => this.#click());
    const partition = this.rng.below(partitions);
    const other = this.#others[this.rng.below(this.#others.length + 1)];
    if (other === undefined) {
      this.broker.produce(
        'clicks',
        clicks.map((c) => ({ value: this.#valueOf(c) })),
        partition,
      );
      this.#committed.push(...clicks);
      return;
    }
    await other.producer.write(
      'clicks',
      partition,
      clicks.map((c) => ({ value: this.#valueOf(c) })),
      this.machine.now(),
    );
    other.clicks.push(...clicks);
    if (this.rng.below(3) === 0) await this.#decide(other);
  }
  async #decide({ producer, clicks }: Other): Promise<void> {
    if (!producer.isOpen) return;
    const commit = this.rng.below(2) === 0;
    await producer.end(commit);
    if (commit) this.#committed.push(...clicks);
    clicks.length = 0;
  }
  /** All transactions are decided; and the clock of one partition after the other goes far ahead. */
  async finish(): Promise<void> {
    for (const other of this.#others) await this.#decide(other);
    this.#clock += 10 * minute;
    for (let partition = 0; partition < partitions; partition++) {
      this.broker.produce(
        'clicks',
        [{ value: jsonOf({ id: 3 * this.#ids, page: 'end', at: start + this.#clock }) }],
        partition,
      );
      // It may be killed where a partition is at its end, and nothing more comes of it.
      await this.run(this.rng.below(100));
      if (this.rng.below(2) === 0) await this.kill();
    }
  }

  async startJob(): Promise<void> {
    const process = new SimProcess(this.machine, () => this.broker);
    this.#process = process;
    const settings = new SessionSettings();
    settings.set('execution.checkpointing.interval', '1 s');
    const engine = new Executor({
      world: process,
      settings,
      connectors: new Map([['kafka', kafkaConnectorOver(process.dial)]]),
      ...(this.#isOnDisk ? { newStore: onDisk(process) } : {}),
    });
    for (const sql of tablesOf(this.query, this.#isAligned)) await engine.execute(parseStatement(sql));
    const starting = engine.execute(parseStatement(queries[this.query].insert), {
      name: 'job',
      state: { stateDir: '/state', fresh: false },
      parallelism: 1 + this.rng.below(3),
    });
    let settled = false;
    const done = starting.then(
      (execution) => {
        settled = true;
        if (execution.kind === 'job') this.job = execution.job;
        return undefined;
      },
      (error: unknown) => {
        settled = true;
        return error;
      },
    );
    // It may be killed while it starts.
    const stepsMax = this.rng.below(5) === 0 ? this.rng.below(20) : 2000;
    for (let steps = 0; !settled && steps < stepsMax; steps++) await this.run(1);
    if (!settled) return this.kill();
    const error = await done;
    if (error === undefined) return;
    if (!(error instanceof ExternalError && error.retryable)) throw error;
    await this.startJob();
  }
  async kill(): Promise<void> {
    this.#process!.kill();
    // The power is gone, or only the process.
    if (this.rng.below(2) === 0) this.machine.disk.crash();
    await this.startJob();
  }
  async restartBroker(): Promise<void> {
    const snapshot = this.broker.snapshot();
    await this.broker.stop();
    this.broker = await Broker.start({ world: this.machine, listen: false, snapshot });
  }
  fault(): void {
    const request = this.rng.pick([
      ...(['Fetch', 'ListOffsets', 'Metadata', 'FindCoordinator', 'JoinGroup', 'Heartbeat'] as const),
      ...(['Produce', 'InitProducerId', 'AddPartitionsToTxn', 'EndTxn', 'ListTransactions'] as const),
    ]);
    const shared = { request, clientId: 'millrace' } as const;
    const kind = this.rng.below(4);
    if (kind === 0) this.broker.inject({ ...shared, drop: 'before' });
    else if (kind === 1) this.broker.inject({ ...shared, drop: 'after' });
    else if (kind === 2) this.broker.inject({ ...shared, delayMs: 300 });
    else if (request === 'Fetch' || request === 'Produce' || request === 'ListOffsets')
      this.broker.inject({ ...shared, error: 'NOT_LEADER_OR_FOLLOWER' });
    else if (request !== 'Metadata') this.broker.inject({ ...shared, error: 'COORDINATOR_NOT_AVAILABLE' });
  }
  checkJob(): void {
    const { job } = this;
    if (job !== undefined && job.state === 'failed') throw job.error as Error;
  }

  /** What an undisturbed run writes. */
  expected(): string[] {
    return queries[this.query].rows(this.#committed.filter((c) => !this.#isBroken(c))).sort();
  }
  expectedLetters(): string[] {
    return this.#committed
      .filter((c) => this.#isBroken(c))
      .map((c) => this.#valueOf(c))
      .sort();
  }
  letters(): string[] {
    return this.broker
      .read('clicks.dlq', { committed: true })
      .map((r) => String(r.value))
      .sort();
  }
  written(): string[] {
    return this.broker
      .read('results', { committed: true })
      .map((r) => JSON.parse(String(r.value)) as { readonly id: number; readonly page: string })
      .map(({ id, page }) => `${id} ${page}`)
      .sort();
  }
}

const firstSeed = Number(process.env['MILLRACE_FIRST_SEED'] ?? 1);
const seeds = Array.from({ length: Number(process.env['MILLRACE_SEEDS'] ?? 50) }, (_, i) => firstSeed + i);
test.each(seeds)('seed %i: every row once, whatever went wrong', async (seed) => {
  // State goes to the disk while it is copied, or all of it behind that.
  setStateGrain(seed % 2 === 0 ? {} : { streamBytes: 0 });
  const sim = new Simulation(seed);
  await sim.open();
  await sim.produce();
  await sim.startJob();
  for (let round = 0; round < 25; round++) {
    await sim.produce();
    if (sim.rng.below(2) === 0) sim.fault();
    await sim.run(1 + sim.rng.below(25));
    if (sim.rng.below(8) === 0) await sim.restartBroker();
    if (sim.rng.below(4) === 0) await sim.kill();
    sim.checkJob();
  }
  await sim.finish();
  const expected = sim.expected();
  for (let i = 0; i < 200 && sim.written().length < expected.length; i++) {
    await sim.run(20);
    sim.checkJob();
  }
  // And nothing more comes.
  await sim.run(200);
  expect(sim.written()).toEqual(expected);
  expect(sim.letters()).toEqual(sim.expectedLetters());
  // The group knows how far the last checkpoint came.
  expect(sim.broker.lag('g').map((p) => p.lag)).toEqual([0, 0]);
  await sim.job!.cancel();
  await sim.broker.stop();
});
