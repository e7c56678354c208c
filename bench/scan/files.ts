/* The records of a case as a file, through the source of the filesystem connector. */

import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectors } from '#connectors';
import type { ConnectorRuntime, SourceContext } from '#dataflow';
import { realWorld } from '#host';
import type { Case } from './cases.ts';

/** Rows of one reading of the file, and the CPU seconds that it took, from opening to closing. */
export interface FileReading {
  readonly rows: number;
  readonly seconds: number;
}

/** Reads a file with the records `repeat` times over, `rounds` times; the best. */
export async function readFileCase(bench: Case, repeat: number, rounds: number): Promise<FileReading> {
  const runtime = (await connectors.find((c) => c.name === 'filesystem')!.load()) as ConnectorRuntime;
  const path = join(tmpdir(), `millrace-scan-${process.pid}.${bench.format}`);
  writeFileSync(path, `${bench.records.join('\n')}\n`.repeat(repeat));
  try {
    let best: FileReading | undefined;
    for (let round = 0; round < rounds; round++) {
      const reading = await readFile(runtime, path, bench);
      if (best === undefined || reading.seconds < best.seconds) best = reading;
    }
    return best!;
  } finally {
    rmSync(path);
  }
}

async function readFile(
  runtime: ConnectorRuntime,
  path: string,
  { format, fields, record }: Case,
): Promise<FileReading> {
  let wake = (): void => {};
  const context: SourceContext = {
    world: realWorld(),
    table: {
      path: { catalog: 'c', database: 'd', object: 'events' },
      physical: record,
      primaryKey: [],
      partitionedBy: [],
      options: [
        { key: 'path', value: path },
        { key: 'format', value: format },
      ],
    },
    fields,
    metadata: [],
    instance: 0,
    instances: 1,
    limit: undefined,
    stateless: true,
    signal: new AbortController().signal,
    wake: () => wake(),
    warn: console.warn,
    count: () => {},
  };
  const before = process.cpuUsage();
  const source = runtime.createSource!(context);
  await source.open(undefined);
  let rows = 0;
  for (;;) {
    const polled = source.poll();
    if (polled.kind === 'end') break;
    if (polled.kind === 'batch') rows += polled.batch.rows;
    if (polled.kind === 'wait') await new Promise<void>((done) => (wake = done));
  }
  await source.close();
  const { user, system } = process.cpuUsage(before);
  return { rows, seconds: (user + system) / 1e6 };
}
