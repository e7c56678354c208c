/* A sink in transactions as its job drives it, for tests: opened from a manifest, stopped in an orderly way or not. */

import { expect } from 'vitest';
import { types, type Row } from '#data';
import {
  freshTopic,
  jsonOptions,
  openSink,
  readAll,
  tableOf,
  type OpenSink,
  type ReadOptions,
  type Writing,
} from './support.ts';

export const columns = { id: types.BIGINT, name: types.STRING };
export const rowsOf = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, i) => [BigInt(from + i), `name ${from + i}`]);
export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

export const freshPrefix = (): string => `eos-${freshTopic()}`;

export interface Run extends OpenSink {
  /** The process is gone: nobody says good-bye to Kafka. */
  crash(): void;
  prepare(): Promise<Uint8Array | undefined>;
  commit(prepared: Uint8Array | undefined): Promise<void>;
}

const still: OpenSink[] = [];
/** For the end of a test: no run that crashed keeps its connections. */
export async function closeAll(): Promise<void> {
  for (const sink of still.splice(0)) await sink.close();
}

export async function startRun(
  topic: string,
  prefix: string,
  writing: Writing = {},
  options: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const dies = new AbortController();
  const all = jsonOptions(topic, {
    'scan.startup.mode': '',
    'scan.bounded.mode': '',
    'sink.delivery-guarantee': 'exactly-once',
    'sink.transactional-id-prefix': prefix,
    ...options,
  });
  const open = await openSink(tableOf(columns, all), { ...writing, signal: dies.signal });
  still.push(open);
  return {
    ...open,
    crash: () => {
      dies.abort();
    },
    prepare: () => open.sink.prepare!(false),
    commit: (prepared) => open.sink.commit!(prepared!),
    close: async () => {
      still.splice(still.indexOf(open), 1);
      dies.abort();
      await open.close();
    },
  };
}

/** The ids that a reader of committed records sees, sorted. */
export async function committed(
  topic: string,
  read: ReadOptions = {},
  options: Readonly<Record<string, string>> = {},
): Promise<number[]> {
  const reading = await readAll(
    tableOf(columns, jsonOptions(topic, { 'properties.isolation.level': 'read_committed', ...options })),
    read,
  );
  return reading.rows.map((r) => Number(r[0])).sort((a, b) => a - b);
}

/** Waits until readers of committed records see these rows and no others. A broker answers that a transaction has ended when that
 *  is decided; its marks in the partitions, and with them what readers see, come after (KIP-98). */
export async function sees(topic: string, rows: readonly number[]): Promise<void> {
  await expect.poll(() => committed(topic), { timeout: 30_000, interval: 200 }).toEqual(rows);
}
