/* A real Flink as the Nexmark benchmark runs it: a session over the inputs, and its TaskManager's CPU time. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { FlinkSession, RealFlink } from '../../tools/flink.ts';
import type { NexmarkEngine, NexmarkInputs, RunCost } from './engine.ts';
import { sideStatement } from './needs.ts';
import { blackhole, files, type NexmarkQuery } from './queries.ts';
import { tableStatements } from './tables.ts';

export class FlinkNexmark implements NexmarkEngine {
  readonly #flink: RealFlink;
  readonly #session: FlinkSession;
  readonly #sinks = new Set<string>();

  private constructor(flink: RealFlink, session: FlinkSession) {
    this.#flink = flink;
    this.#session = session;
  }

  /** A session of a cluster that runs, which stays the caller's. Its checkpoints go to a folder: in its own memory the
   *  JobManager takes no more than 5 MB. */
  static async open(flink: RealFlink, inputs: NexmarkInputs, checkpoints: string): Promise<FlinkNexmark> {
    const session = await flink.session({
      'pipeline.object-reuse': 'true',
      'execution.checkpointing.interval': '10 s',
      'execution.checkpointing.dir': `file://${checkpoints}`,
      'parallelism.default': '1',
      'table.local-time-zone': 'UTC',
    });
    for (const sql of tableStatements(inputs)) await session.execute(sql);
    if (inputs.side !== undefined) await session.execute(sideStatement(inputs.side));
    return new FlinkNexmark(flink, session);
  }

  async run(query: NexmarkQuery, folder?: string): Promise<RunCost> {
    const sink = folder === undefined ? `sink_${query.name}` : `file_${query.name}`;
    if (!this.#sinks.has(sink)) {
      const create = folder === undefined ? blackhole(query) : files(query, `file://${folder}`);
      await this.#session.execute(create);
      this.#sinks.add(sink);
    }
    const insert = `INSERT INTO ${sink} ${query.onFlink ?? query.select}`;
    const before = this.#flink.taskManagerCpuSeconds();
    const { job } = await this.#session.execute(insert);
    for (;;) {
      const state = await this.#flink.jobManager<{ state: string; timestamps: Record<string, number> }>(
        `/jobs/${job}`,
      );
      if (state.state === 'FINISHED') {
        const { FINISHED, RUNNING } = state.timestamps;
        return {
          wall: (FINISHED! - RUNNING!) / 1000,
          cpu: this.#flink.taskManagerCpuSeconds() - before,
        };
      }
      if (state.state === 'FAILED') throw new Error(`Flink failed: ${insert}\n${await this.#reason(job!)}`);
      await sleep(50);
    }
  }

  async close(): Promise<void> {
    await this.#session.close();
  }

  /** Why a job failed, as Flink has it. */
  async #reason(job: string): Promise<string> {
    const { exceptionHistory } = await this.#flink.jobManager<{
      exceptionHistory?: { entries: readonly { stacktrace: string }[] };
    }>(`/jobs/${job}/exceptions`);
    return exceptionHistory?.entries[0]?.stacktrace ?? 'no reason is told';
  }
}
