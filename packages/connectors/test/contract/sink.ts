/* What every sink must do, whatever it writes to. A connector's test calls `sinkContract` with a target that
 * it can read back; `contents` is absent for targets that cannot be read (blackhole). */

import { expect, test } from 'vitest';
import type { World } from '#base';
import { realWorld } from '#host';
import type { Row } from '#data';
import type { ConnectorRuntime } from '#dataflow';
import { batchOf, rowText, sinkContext, writeAll, type TestTable, type Told } from '../contexts.ts';

export interface SinkTarget {
  readonly table: TestTable;
  readonly runtime: ConnectorRuntime;
  /** Distinct rows that the target takes; a few hundred at least, so that buffers fill. */
  readonly rows: readonly Row[];
  /** The rows in the target now, in any order. */
  contents?(told: Told): Promise<Row[]>;
  close(): Promise<void>;
}

export function sinkContract(
  name: string,
  makeTarget: () => Promise<SinkTarget>,
  world: World = realWorld(),
): void {
  const withTarget = (what: string, body: (target: SinkTarget) => Promise<void>): void => {
    test(`${name}: ${what}`, async () => {
      const target = await makeTarget();
      try {
        await body(target);
      } finally {
        await target.close();
      }
    });
  };
  const texts = (rows: readonly Row[]): string[] => rows.map(rowText).sort();

  withTarget('what was written is in the target once flush resolves', async (target) => {
    const { context, told } = sinkContext(world, target.table);
    const sink = target.runtime.createSink!(context);
    await sink.open();
    const types = target.table.fields.map((f) => f.type);
    const half = Math.floor(target.rows.length / 2);
    await writeAll(sink, told, batchOf(types, target.rows.slice(0, half)));
    await sink.flush();
    if (target.contents)
      expect(texts(await target.contents(told))).toEqual(texts(target.rows.slice(0, half)));
    await writeAll(sink, told, batchOf(types, target.rows.slice(half)));
    await sink.flush();
    if (target.contents) expect(texts(await target.contents(told))).toEqual(texts(target.rows));
    await sink.close();
  });

  withTarget('rows come from `from` on, and a batch may be cut anywhere', async (target) => {
    const { context, told } = sinkContext(world, target.table);
    const sink = target.runtime.createSink!(context);
    await sink.open();
    const types = target.table.fields.map((f) => f.type);
    const [first, ...rest] = target.rows.slice(0, 20);
    await writeAll(sink, told, batchOf(types, [first!]));
    const batch = batchOf(types, [first!, ...rest]);
    for (let from = 1; from < batch.rows; ) {
      const next = sink.write(batch, from);
      expect(next).toBeGreaterThanOrEqual(from);
      expect(next).toBeLessThanOrEqual(batch.rows);
      if (next < batch.rows) await told.woken();
      from = next;
    }
    await sink.flush();
    if (target.contents) expect(texts(await target.contents(told))).toEqual(texts(target.rows.slice(0, 20)));
    await sink.close();
  });

  withTarget('flush without rows, twice, and close twice', async (target) => {
    const { context, told } = sinkContext(world, target.table);
    const sink = target.runtime.createSink!(context);
    await sink.open();
    await sink.flush();
    await sink.flush();
    await sink.close();
    await sink.close();
    if (target.contents) expect(await target.contents(told)).toEqual([]);
  });

  withTarget('close before open', async (target) => {
    const { context } = sinkContext(world, target.table);
    await target.runtime.createSink!(context).close();
  });
}
