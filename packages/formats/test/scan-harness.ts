/* Runs records through the ladder of JSON scanners and holds each outcome to the reference decoder. */

import { expect } from 'vitest';
import { readRow, type Field, type Row } from '#data';
import { findFormat, MalformedRecord, type Scanner } from '#formats';
import { threadMemory } from '#wasm';
import { optionsOf, type Set } from './samples.ts';

export const memory = threadMemory();
const region = memory.allocate(1 << 21)!;
const positions = memory.allocate(1 << 16)!;
const recordsMax = 1 << 12;
const starts = new Int32Array(memory.memory.buffer, positions.address, recordsMax);
const ends = new Int32Array(memory.memory.buffer, positions.address + recordsMax * 4, recordsMax);
export const place = {
  starts,
  ends,
  startsAddress: positions.address,
  endsAddress: positions.address + recordsMax * 4,
};

/** The scanner of json for these columns. */
export function scannerOf(columns: readonly Field[], set: Set, rowsMax: number): Scanner | undefined {
  const options = optionsOf('json', set);
  return findFormat('json').scanner!({ memory, fields: columns, record: columns, options, rowsMax });
}

/** Lays records one behind the other, with something between, and quotes behind the last. */
export function lay(records: readonly Uint8Array[]): void {
  let at = region.address;
  records.forEach((record, i) => {
    memory.bytes.set([0x7d, 0x22, 0x30], at);
    at += 3;
    starts[i] = at;
    memory.bytes.set(record, at);
    at += record.length;
    ends[i] = at;
  });
  memory.bytes.fill(34, at, at + 64);
}

type Outcome = { readonly rows: Row[] } | { readonly error: string };

/** What the ladder makes of each record. Rows that do not fit a frame are taken from the reference. */
function scanAll(
  columns: readonly Field[],
  records: readonly Uint8Array[],
  set: Set,
  scanner: Scanner,
): Outcome[] {
  lay(records);
  const typesOf = columns.map((f) => f.type);
  const outcomes: Outcome[] = [];
  const collect = (from: number, record: number): void => {
    const batch = {
      rows: scanner.rows,
      columns: scanner.columns(),
      kinds: undefined,
      marks: { count: 0, at: new Int32Array(0), watermark: new Float64Array(0) },
    };
    const rows: Row[] = [];
    for (let row = from; row < scanner.rows; row++) rows.push(readRow(batch, typesOf, row));
    outcomes[record] = { rows };
  };
  scanner.begin();
  for (let record = 0; record < records.length; ) {
    const before = scanner.rows;
    const next = scanner.scan(place, record, records.length);
    for (let i = record; i < next; i++) {
      const batch = {
        rows: scanner.rows,
        columns: scanner.columns(),
        kinds: undefined,
        marks: { count: 0, at: new Int32Array(0), watermark: new Float64Array(0) },
      };
      outcomes[i] = { rows: [readRow(batch, typesOf, before + i - record)] };
    }
    record = next;
    if (record === records.length) break;
    if (scanner.full) {
      scanner.begin();
      continue;
    }
    const from = scanner.rows;
    try {
      if (scanner.reference(place, record)) collect(from, record);
      else outcomes[record] = referenceOutcome(columns, records[record]!, set);
    } catch (error) {
      outcomes[record] = { error: (error as MalformedRecord).message };
    }
    record++;
  }
  return outcomes;
}

function referenceOutcome(columns: readonly Field[], record: Uint8Array, set: Set): Outcome {
  const rows: Row[] = [];
  try {
    findFormat('json').decoder!(columns, optionsOf('json', set)).decode(record, 0, record.length, (row) =>
      rows.push(row),
    );
    return { rows };
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedRecord);
    return { error: (error as MalformedRecord).message };
  }
}

/** Fails when the ladder and the reference differ on any record; returns the scanner for its counts. */
export function agree(columns: readonly Field[], records: readonly Uint8Array[], set: Set = {}): Scanner {
  const scanner = scannerOf(columns, set, 512)!;
  try {
    const found = scanAll(columns, records, set, scanner);
    records.forEach((record, i) => {
      expect(found[i], Buffer.from(record).toString()).toEqual(referenceOutcome(columns, record, set));
    });
    return scanner;
  } finally {
    scanner.release();
  }
}
