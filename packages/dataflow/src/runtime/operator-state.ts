/* What an operator's instance writes into a snapshot: where event time is on its inputs and channels, and its state behind
 * that; and the state of all instances together as rows, for another parallelism, a savepoint, a changed query.
 *
 *   snapshot     inputs · channels · the store as it lies                       read by the same operator alone
 *   logical      version · inputs · channels · shapes of the tables · rows · rests     read by any that has tables like these
 */

import { assert } from '#base';
import {
  allKeyGroups,
  BytesReader,
  BytesWriter,
  endSavedRows,
  type KeyGroups,
  readSavedRest,
  readSavedRows,
  readerOf,
  writeSavedRest,
  writeSavedRow,
  type PersistentStore,
  type SavedRest,
  type SavedRow,
  type StatePart,
  type StateReader,
  type StateWriter,
  type TableShape,
} from '#state';
import type { Operator } from '../contracts/index.ts';
import { isFinished } from './settings.ts';

export interface WatermarkState {
  readonly watermark: number;
  readonly idle: boolean;
}
export interface ChannelState extends WatermarkState {
  /** The node that its items come from. */
  readonly from: string;
}
/** Event time of an instance. */
export interface InputsState {
  readonly inputs: readonly WatermarkState[];
  readonly channels: readonly ChannelState[];
}

export function writeInputs(to: StateWriter, { inputs, channels }: InputsState): void {
  for (const { watermark, idle } of inputs) {
    to.f64(watermark);
    to.u8(idle ? 1 : 0);
  }
  to.i32(channels.length);
  for (const { from, watermark, idle } of channels) {
    to.text(from);
    to.f64(watermark);
    to.u8(idle ? 1 : 0);
  }
}
export function readInputs(from: StateReader, count: number): InputsState {
  const inputs = Array.from({ length: count }, () => ({ watermark: from.f64(), idle: from.u8() === 1 }));
  const channels = Array.from({ length: from.i32() }, () => ({
    from: from.text(),
    watermark: from.f64(),
    idle: from.u8() === 1,
  }));
  return { inputs, channels };
}
/** Of several instances: the least of each input; all channels. */
export function mergedInputs(parts: readonly InputsState[]): InputsState {
  const count = Math.max(0, ...parts.map((p) => p.inputs.length));
  const inputs = Array.from({ length: count }, (_, i) => least(parts.map((p) => p.inputs[i]!)));
  return { inputs, channels: parts.flatMap((p) => p.channels) };
}
/** The watermark of several together: the least of those that are not idle. One that is idle may have stopped far behind
 *  the others: it would let them pass each other. When all are, the least of them. One at its end counts for nothing. */
export function least(states: readonly WatermarkState[]): WatermarkState {
  const open = states.filter((s) => s.watermark < Infinity);
  const idle = open.every((s) => s.idle);
  const counted = idle ? open : open.filter((s) => !s.idle);
  return { watermark: Math.min(...counted.map((s) => s.watermark)), idle };
}

/** The state of an operator as rows, whichever instances it came from. */
export interface LogicalState extends InputsState {
  readonly shapes: readonly TableShape[];
  /** Of these key groups, where it is state as it lies; all of a savepoint, whose keys are known once they fit. Read once. */
  rows(groups?: KeyGroups): Iterable<SavedRow>;
  /** Of each store; asked behind the rows. */
  rests(): readonly SavedRest[];
  /** Nothing of it is asked any more. */
  close(): void;
}

/** What instances wrote that did not finish, as rows. `spare` makes an operator like those, which reads a snapshot. */
export function logicalOf(
  parts: readonly StatePart[],
  inputs: number,
  spare: () => Operator,
  id: string,
): LogicalState {
  const stores: PersistentStore[] = [];
  const times: InputsState[] = [];
  for (const part of parts.filter((p) => !isFinished(p))) {
    const reader = readerOf(part);
    times.push(readInputs(reader, inputs));
    const operator = spare();
    operator.restore(reader);
    assert(reader.done, `the operator ${id} reads all of its snapshot`);
    if (operator.store !== undefined) stores.push(operator.store);
  }
  return {
    ...mergedInputs(times),
    shapes: stores[0]?.shapes() ?? [],
    *rows(groups = allKeyGroups) {
      for (const store of stores) yield* store.export(groups);
    },
    rests: () => stores.map((s) => s.exportRest()),
    close: () => {
      for (const { disk } of stores) void disk?.close();
    },
  };
}

const version = 1;
/** Rows written between two breaths: about a millisecond. */
const rowsPerBreath = 512;

/** `breathe` lets others have their turn, where it is time for that. */
export async function writeLogical(state: LogicalState, breathe: () => Promise<void>): Promise<Uint8Array> {
  const to = new BytesWriter();
  to.u8(version);
  to.i32(state.inputs.length);
  writeInputs(to, state);
  to.text(JSON.stringify(state.shapes));
  let written = 0;
  for (const row of state.rows()) {
    writeSavedRow(to, row);
    if (++written % rowsPerBreath === 0) await breathe();
  }
  endSavedRows(to);
  const rests = state.rests();
  to.i32(rests.length);
  for (const rest of rests) writeSavedRest(to, rest);
  state.close();
  return to.finish();
}
export function readLogical(bytes: Uint8Array): LogicalState {
  const from = new BytesReader(bytes);
  const written = from.u8();
  assert(written === version, `logical state of version ${written}, expected ${version}`);
  const inputs = readInputs(from, from.i32());
  const shapes = JSON.parse(from.text()) as TableShape[];
  return {
    ...inputs,
    shapes,
    rows: () => readSavedRows(from),
    rests: () => Array.from({ length: from.i32() }, () => readSavedRest(from)),
    close: () => {},
  };
}
