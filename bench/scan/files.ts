/* The records of a case as a file, through the source of the filesystem connector. */

import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectors } from '#connectors';
import type { ConnectorRuntime } from '#dataflow';
import { readAll, tableOf } from '../connector.ts';
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
  const before = process.cpuUsage();
  const rows = await readAll(runtime, tableOf(record, { path, format }), fields);
  const { user, system } = process.cpuUsage(before);
  return { rows, seconds: (user + system) / 1e6 };
}
