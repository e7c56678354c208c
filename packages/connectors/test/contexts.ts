/* What a connector is given by the engine, made for tests: contexts over a World, batches from rows, and the
 * two loops that drive a source to its end and a sink through its backpressure. */

import type { World } from '#base';
import type { ConnectorTable, RawOption } from '#catalog';
import { BatchBuilder, readRow, type Batch, type Field, type LogicalType, type Row } from '#data';
import type { Sink, SinkContext, Source, SourceContext } from '#dataflow';

export interface TestTable {
  readonly name?: string;
  readonly fields: readonly Field[];
  readonly options?: Readonly<Record<string, string>>;
  readonly primaryKey?: readonly string[];
  readonly partitionedBy?: readonly string[];
}

export function connectorTable(table: TestTable): ConnectorTable {
  const options: RawOption[] = Object.entries(table.options ?? {}).map(([key, value]) => ({ key, value }));
  return {
    path: { catalog: 'default_catalog', database: 'default_database', object: table.name ?? 't' },
    physical: table.fields,
    primaryKey: table.primaryKey ?? [],
    partitionedBy: table.partitionedBy ?? [],
    options,
  };
}

/** A context, and what the connector told through it. */
export interface Told {
  readonly warnings: string[];
  readonly counters: Record<string, number>;
  readonly lines: string[];
  /** Resolves at the next wake, or at once when one came since the last. */
  woken(): Promise<void>;
}

class Ears implements Told {
  readonly warnings: string[] = [];
  readonly counters: Record<string, number> = {};
  readonly lines: string[] = [];
  #rung = false;
  #waiting: (() => void) | undefined;

  wake(): void {
    this.#rung = true;
    this.#waiting?.();
  }
  async woken(): Promise<void> {
    if (!this.#rung)
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
    this.#rung = false;
    this.#waiting = undefined;
  }
  get shared(): Pick<SinkContext, 'warn' | 'count' | 'print' | 'wake'> {
    return {
      warn: (message) => {
        this.warnings.push(message);
      },
      count: (name, by) => {
        this.counters[name] = (this.counters[name] ?? 0) + by;
      },
      print: (line) => {
        this.lines.push(line);
      },
      wake: () => {
        this.wake();
      },
    };
  }
}

const neverAborted = new AbortController().signal;

export function sinkContext(
  world: World,
  table: TestTable,
  extra: Partial<SinkContext> = {},
): { context: SinkContext; told: Told } {
  const ears = new Ears();
  const context: SinkContext = {
    world,
    table: connectorTable(table),
    fields: table.fields,
    metadata: [],
    instance: 0,
    instances: 1,
    signal: neverAborted,
    writer: { job: 'test', incarnation: '1', sink: 'sink', durable: false, folder: undefined },
    key: (table.primaryKey ?? []).map((name) => table.fields.findIndex((f) => f.name === name)),
    ...ears.shared,
    ...extra,
  };
  return { context, told: ears };
}

export function sourceContext(
  world: World,
  table: TestTable,
  extra: Partial<SourceContext> = {},
): { context: SourceContext; told: Told } {
  const ears = new Ears();
  const context: SourceContext = {
    world,
    table: connectorTable(table),
    fields: table.fields,
    metadata: [],
    instance: 0,
    instances: 1,
    limit: undefined,
    restartable: true,
    signal: neverAborted,
    ...ears.shared,
    ...extra,
  };
  return { context, told: ears };
}

export function batchOf(
  types: readonly LogicalType[],
  rows: readonly Row[],
  kinds: readonly number[] = [],
): Batch {
  const builder = new BatchBuilder(types);
  rows.forEach((row, i) => {
    builder.appendRow(row, kinds[i] ?? 0);
  });
  return builder.build();
}

/** Writes the whole batch, waiting for room where the sink asks for it. */
export async function writeAll(sink: Sink, told: Told, batch: Batch): Promise<number> {
  let waits = 0;
  for (let from = 0; ; waits++) {
    from = sink.write(batch, from);
    if (from >= batch.rows) return waits;
    await told.woken();
  }
}

/** Rows until the source ends, or `enough` says so of the number of batches. A batch is read before the next is
 *  asked for: then its producer may write into its arrays again. */
export async function readRows(
  source: Source,
  told: Told,
  fields: readonly Field[],
  enough: (batches: number) => boolean = () => false,
): Promise<Row[]> {
  const types = fields.map((f) => f.type);
  const rows: Row[] = [];
  for (let batches = 0; !enough(batches); ) {
    const polled = source.poll();
    if (polled.kind === 'end') break;
    if (polled.kind === 'wait') await told.woken();
    if (polled.kind !== 'batch') continue;
    batches++;
    for (let row = 0; row < polled.batch.rows; row++) rows.push(readRow(polled.batch, types, row));
  }
  return rows;
}

export function rowsOf(batches: readonly Batch[], fields: readonly Field[]): Row[] {
  const types = fields.map((f) => f.type);
  return batches.flatMap((batch) =>
    Array.from({ length: batch.rows }, (_, row) => readRow(batch, types, row)),
  );
}

/** A row as text that tells rows apart. */
export function rowText(row: Row): string {
  return JSON.stringify(row, (_, v: unknown) => {
    if (typeof v === 'bigint') return `${v}n`;
    if (typeof v === 'number' && (!Number.isFinite(v) || Object.is(v, -0)))
      return Object.is(v, -0) ? '-0' : String(v);
    return v instanceof Uint8Array ? [...v] : v;
  });
}
