/* A connector alone, without a job: a source read to its end, a sink that batches are written into. */

import type { ConnectorTable } from '#catalog';
import type { Batch, Field } from '#data';
import type { ConnectorRuntime } from '#dataflow';
import { realWorld } from '#host';

const world = realWorld();
/** Something to wait for, again and again. */
class Bell {
  #ring = (): void => {};
  readonly ring = (): void => this.#ring();
  rung(): Promise<void> {
    return new Promise((done) => {
      this.#ring = done;
    });
  }
}
const shared = {
  world,
  metadata: [],
  instance: 0,
  instances: 1,
  signal: new AbortController().signal,
  warn: console.warn,
};

export function tableOf(
  physical: readonly Field[],
  options: Readonly<Record<string, string>>,
): ConnectorTable {
  return {
    path: { catalog: 'c', database: 'd', object: 'events' },
    physical,
    primaryKey: [],
    partitionedBy: [],
    options: Object.entries(options).map(([key, value]) => ({ key, value })),
  };
}

/** Reads a source to its end; returns how many rows there were. */
export async function readAll(
  runtime: ConnectorRuntime,
  table: ConnectorTable,
  fields: readonly Field[] = table.physical,
  count: (name: string, by: number) => void = () => {},
): Promise<number> {
  const bell = new Bell();
  const source = runtime.createSource!({
    ...shared,
    table,
    fields,
    limit: undefined,
    restartable: true,
    wake: bell.ring,
    count,
  });
  await source.open(undefined);
  let rows = 0;
  for (;;) {
    const polled = source.poll();
    if (polled.kind === 'end') break;
    if (polled.kind === 'batch') {
      rows += polled.batch.rows;
      await world.breathe();
    }
    if (polled.kind === 'wait') await bell.rung();
  }
  await source.close();
  return rows;
}

/** Batches between two commits of a sink in transactions. */
const epochBatches = 100;

/** Writes batches into a sink, which has all of them when it resolves. In transactions, each is committed while the next
 *  is written. */
export async function writeAll(
  runtime: ConnectorRuntime,
  table: ConnectorTable,
  batches: Iterable<Batch>,
): Promise<void> {
  const bell = new Bell();
  const sink = runtime.createSink!({
    ...shared,
    table,
    fields: table.physical,
    key: [],
    writer: { job: 'bench', incarnation: '1', sink: 'sink', durable: false, folder: undefined },
    wake: bell.ring,
    count: () => {},
    print: () => {},
  });
  await sink.open();
  let committing: Promise<void> | undefined;
  const commit = async (): Promise<void> => {
    const prepared = await sink.prepare!(false);
    await committing;
    if (prepared !== undefined) committing = sink.commit!(prepared);
  };
  let written = 0;
  for (const batch of batches) {
    for (let from = 0; from < batch.rows; ) {
      from = sink.write(batch, from);
      if (from < batch.rows) await bell.rung();
    }
    if (sink.prepare !== undefined && ++written % epochBatches === 0) await commit();
    await world.breathe();
  }
  if (sink.prepare === undefined) await sink.flush();
  else await commit();
  await committing;
  await sink.close();
}
