/* Exported state as bytes. Values say what they are, so that whoever reads them needs no types: savepoints outlive the
 * query that wrote them. */

import { assert } from '#base';
import type { Instant, MapValue, Row, Value } from '#data';
import type { StateReader, StateWriter } from './bytes.ts';
import type { OwnedRows, SavedRest, SavedRow } from './saved-row.ts';

const tag = {
  null: 0,
  false: 1,
  true: 2,
  number: 3,
  bigint: 4,
  text: 5,
  bytes: 6,
  instant: 7,
  list: 8,
  map: 9,
} as const;

function writeValue(to: StateWriter, value: Value): void {
  if (value === null) return to.u8(tag.null);
  switch (typeof value) {
    case 'boolean':
      return to.u8(value ? tag.true : tag.false);
    case 'number':
      to.u8(tag.number);
      return to.f64(value);
    case 'bigint':
      to.u8(tag.bigint);
      return to.bigint(value);
    case 'string':
      to.u8(tag.text);
      return to.text(value);
    default:
      writeCompound(to, value);
  }
}
function writeCompound(
  to: StateWriter,
  value: Exclude<Value, null | boolean | number | bigint | string>,
): void {
  if (value instanceof Uint8Array) {
    to.u8(tag.bytes);
    to.bytes(value);
  } else if (Array.isArray(value)) {
    to.u8(tag.list);
    writeRow(to, value as Row);
  } else if ('ms' in value) {
    to.u8(tag.instant);
    to.f64(value.ms);
    to.i32(value.ns);
  } else {
    const { entries } = value as MapValue;
    to.u8(tag.map);
    to.i32(entries.length);
    for (const [key, item] of entries) {
      writeValue(to, key);
      writeValue(to, item);
    }
  }
}
function readValue(from: StateReader): Value {
  const what = from.u8();
  switch (what) {
    case tag.null:
      return null;
    case tag.false:
      return false;
    case tag.true:
      return true;
    case tag.number:
      return from.f64();
    case tag.bigint:
      return from.bigint();
    case tag.text:
      return from.text();
    case tag.bytes:
      return from.bytes();
    case tag.instant:
      return { ms: from.f64(), ns: from.i32() } satisfies Instant;
    case tag.list:
      return readRow(from);
    default:
      assert(what === tag.map, 'saved state holds values that are known');
      return {
        entries: Array.from({ length: from.i32() }, () => [readValue(from), readValue(from)] as const),
      };
  }
}
function writeRow(to: StateWriter, row: Row): void {
  to.i32(row.length);
  for (const value of row) writeValue(to, value);
}
const readRow = (from: StateReader): Row => Array.from({ length: from.i32() }, () => readValue(from));

function writeNamed<T>(to: StateWriter, named: Readonly<Record<string, T>>, write: (value: T) => void): void {
  const entries = Object.entries(named);
  to.i32(entries.length);
  for (const [name, value] of entries) {
    to.text(name);
    write(value);
  }
}
function readNamed<T>(from: StateReader, read: () => T): Record<string, T> {
  const named: Record<string, T> = {};
  for (let n = from.i32(); n > 0; n--) {
    const name = from.text();
    named[name] = read();
  }
  return named;
}
function writeList<T>(to: StateWriter, list: readonly T[], write: (item: T) => void): void {
  to.i32(list.length);
  for (const item of list) write(item);
}
const readList = <T>(from: StateReader, read: () => T): T[] => Array.from({ length: from.i32() }, read);

function writeOwned(to: StateWriter, { row, cells, owned, timers }: OwnedRows): void {
  writeRow(to, row);
  writeNamed(to, cells, (value) => {
    writeValue(to, value);
  });
  writeNamed(to, owned, (rows) => {
    writeList(to, rows, (child) => {
      writeOwned(to, child);
    });
  });
  writeNamed(to, timers, (at) => {
    to.f64(at);
  });
}
const readOwned = (from: StateReader): OwnedRows => ({
  row: readRow(from),
  cells: readNamed(from, () => readValue(from)),
  owned: readNamed(from, () => readList(from, () => readOwned(from))),
  timers: readNamed(from, () => from.f64()),
});

/** Each row behind a 1, and a 0 behind the last. */
export function writeSavedRows(to: StateWriter, rows: Iterable<SavedRow>): void {
  for (const saved of rows) writeSavedRow(to, saved);
  endSavedRows(to);
}
/** The same one by one: each, and then the end. */
export function writeSavedRow(to: StateWriter, saved: SavedRow): void {
  to.u8(1);
  to.text(saved.table);
  writeValue(to, saved.slice ?? null);
  writeRow(to, saved.key);
  writeOwned(to, saved);
}
export function endSavedRows(to: StateWriter): void {
  to.u8(0);
}
export function writeSavedRest(to: StateWriter, rest: SavedRest): void {
  writeNamed(to, rest.lists, (list) => {
    writeList(to, list, (row) => {
      writeOwned(to, row);
    });
  });
  writeNamed(to, rest.scalars, (value) => {
    to.f64(value);
  });
}
/** One at a time. What was written behind the rows is read when all of them were. */
export function* readSavedRows(from: StateReader): Generator<SavedRow> {
  while (from.u8() === 1) {
    const table = from.text();
    const slice = (readValue(from) as number | null) ?? undefined;
    const key = readRow(from);
    yield { table, slice, key, ...readOwned(from) };
  }
}
export function readSavedRest(from: StateReader): SavedRest {
  const lists = readNamed(from, () => readList(from, () => readOwned(from)));
  return { lists, scalars: readNamed(from, () => from.f64()) };
}
