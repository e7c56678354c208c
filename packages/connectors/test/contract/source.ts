/* What every source must do, whatever it reads. A connector's test calls `sourceContract` with a table that
 * ends, and whose rows are the same each time it is read. */

import { expect, test } from 'vitest';
import type { World } from '#base';
import { realWorld } from '#host';
import type { Field } from '#data';
import type { ConnectorRuntime, Source, SourceContext } from '#dataflow';
import { readRows, rowText, sourceContext, type TestTable, type Told } from '../contexts.ts';

export interface SourceOrigin {
  readonly table: TestTable;
  readonly runtime: ConnectorRuntime;
  /** The keys of metadata behind the physical fields of `fields`. */
  readonly fields?: readonly Field[];
  readonly metadata?: readonly string[];
  /** How many rows it has; several batches' worth where that is possible. */
  readonly rows: number;
  /** Rows of one instance come in the same order each time. */
  readonly ordered: boolean;
  close(): Promise<void>;
}

export function sourceContract(
  name: string,
  makeOrigin: () => Promise<SourceOrigin>,
  world: World = realWorld(),
): void {
  const withOrigin = (what: string, body: (origin: SourceOrigin) => Promise<void>): void => {
    test(`${name}: ${what}`, async () => {
      const origin = await makeOrigin();
      try {
        await body(origin);
      } finally {
        await origin.close();
      }
    });
  };
  const make = (origin: SourceOrigin, extra: Partial<SourceContext> = {}): { source: Source; told: Told } => {
    const shape = { fields: origin.fields ?? origin.table.fields, metadata: origin.metadata ?? [] };
    const { context, told } = sourceContext(world, origin.table, { ...shape, ...extra });
    return { source: origin.runtime.createSource!(context), told };
  };
  const fieldsOf = (origin: SourceOrigin): readonly Field[] => origin.fields ?? origin.table.fields;
  const readAll = async (origin: SourceOrigin, extra: Partial<SourceContext> = {}): Promise<string[]> => {
    const { source, told } = make(origin, extra);
    await source.open(undefined);
    const rows = (await readRows(source, told, extra.fields ?? fieldsOf(origin))).map(rowText);
    await source.close();
    return rows;
  };

  withOrigin('every row once, then end for ever', async (origin) => {
    const { source, told } = make(origin);
    await source.open(undefined);
    const rows = await readRows(source, told, fieldsOf(origin));
    expect(rows).toHaveLength(origin.rows);
    expect(source.poll()).toEqual({ kind: 'end' });
    expect(source.poll()).toEqual({ kind: 'end' });
    await source.close();
    await source.close();
  });

  withOrigin('splits are announced before their rows, and none speaks after its end', async (origin) => {
    const { source, told } = make(origin);
    await source.open(undefined);
    const open = new Set<number>();
    for (let polled = source.poll(); polled.kind !== 'end'; polled = source.poll()) {
      if (polled.kind === 'split-start') open.add(polled.split);
      if (polled.kind === 'batch') expect(open).toContain(polled.split);
      if (polled.kind === 'split-end') expect(open.delete(polled.split)).toBe(true);
      if (polled.kind === 'wait') await told.woken();
    }
    await source.close();
  });

  withOrigin('from a snapshot after any batch, the rest comes once', async (origin) => {
    const whole = await readAll(origin);
    for (const cut of [0, 1, 2, 5]) {
      const first = make(origin);
      await first.source.open(undefined);
      const before = (await readRows(first.source, first.told, fieldsOf(origin), (n) => n >= cut)).map(
        rowText,
      );
      const position = first.source.snapshot();
      await first.source.close();
      const second = make(origin);
      await second.source.open(position);
      const after = (await readRows(second.source, second.told, fieldsOf(origin))).map(rowText);
      await second.source.close();
      const both = [...before, ...after];
      expect(origin.ordered ? both : both.sort()).toEqual(origin.ordered ? whole : [...whole].sort());
    }
  });

  withOrigin('a snapshot at the end stays at the end', async (origin) => {
    const first = make(origin);
    await first.source.open(undefined);
    await readRows(first.source, first.told, fieldsOf(origin));
    const position = first.source.snapshot();
    await first.source.close();
    const second = make(origin);
    await second.source.open(position);
    expect(await readRows(second.source, second.told, fieldsOf(origin))).toEqual([]);
    await second.source.close();
  });

  withOrigin('fewer columns, same rows', async (origin) => {
    const whole = await readAll(origin);
    const fields = fieldsOf(origin);
    const physical = fields.length - (origin.metadata ?? []).length;
    for (let i = 0; i < physical; i++) {
      const one = await readAll(origin, { fields: [fields[i]!], metadata: [] });
      const expected = whole.map((text) => JSON.stringify([(JSON.parse(text) as unknown[])[i]]));
      expect([...one].sort()).toEqual(expected.sort());
    }
    expect(await readAll(origin, { fields: [], metadata: [] })).toHaveLength(whole.length);
  });

  withOrigin('instances share the rows', async (origin) => {
    const whole = await readAll(origin);
    const shares = await Promise.all(
      [0, 1, 2].map((instance) => readAll(origin, { instance, instances: 3 })),
    );
    expect(shares.flat().sort()).toEqual([...whole].sort());
  });

  withOrigin('close before open, and while rows are left', async (origin) => {
    await make(origin).source.close();
    const { source, told } = make(origin);
    await source.open(undefined);
    await readRows(source, told, fieldsOf(origin), (n) => n >= 1);
    await source.close();
    await source.close();
  });
}
