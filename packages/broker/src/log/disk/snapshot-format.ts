/* What a log's producers did up to an offset, as bytes. Kafka's format (ProducerStateManager), version 1:
 *
 *   version 2 │ checksum of the rest 4 │ count 4 │ per producer: id 8 │ epoch 2 │ last sequence 4 │ last offset 8 │
 *   offset delta 4 │ timestamp 8 │ coordinator epoch 4 │ first offset of its open transaction 8
 *
 * Kafka keeps one batch a producer and so forgets over a restart how to answer a repetition of one before. We append them
 * all, where Kafka does not look, though its checksum covers it; a snapshot of Kafka's own lacks that part:
 *
 *   version 2 │ count 4 │ per batch, the older first: producer's id 8 │ last sequence 4 │ last offset 8 │ offset delta 4 │
 *   timestamp 8 */

import { crc32c } from '#wasm';
import type { ProducerState, RecentBatch } from '../producers.ts';

const version = 1;
const crcAt = 2;
const checkedFrom = 6;
const headBytes = 10;
const producerBytes = 46;
const batchesVersion = 1;
const batchesHeadBytes = 6;
const batchBytes = 32;
const sequences = 2 ** 31;

/** Numbers up to 2^53, several times as fast as by way of a BigInt: the end of a segment waits for all producers. */
function writeLong(data: Buffer, value: number, at: number): number {
  data.writeInt32BE(Math.floor(value / 2 ** 32), at);
  return data.writeUInt32BE(value >>> 0, at + 4);
}
const readLong = (data: Buffer, at: number): number =>
  data.readInt32BE(at) * 2 ** 32 + data.readUInt32BE(at + 4);

/** By how much the last offset, and so the last sequence, is behind the first. */
const deltaOf = ({ firstSequence, lastSequence }: RecentBatch): number =>
  (lastSequence - firstSequence + sequences) % sequences;

export function writeProducers(states: ReadonlyMap<number, ProducerState>): Buffer {
  const more = [...states].filter(([, state]) => !saidByKafka(state));
  const batches = more.reduce((n, [, { recent }]) => n + recent.length, 0);
  const moreAt = headBytes + states.size * producerBytes;
  const data = Buffer.alloc(moreAt + (batches === 0 ? 0 : batchesHeadBytes + batches * batchBytes));
  data.writeInt16BE(version, 0);
  data.writeInt32BE(states.size, checkedFrom);
  let at = headBytes;
  for (const [id, state] of states) at = writeProducer(data, at, id, state);
  if (batches > 0) {
    data.writeInt16BE(batchesVersion, at);
    at = data.writeInt32BE(batches, at + 2);
  }
  for (const [id, { recent }] of more) for (const batch of recent) at = writeBatch(data, at, id, batch);
  data.writeUInt32BE(crc32c(data, checkedFrom), crcAt);
  return data;
}
/** Whether Kafka's part alone says all. */
function saidByKafka({ recent, lastTimestamp }: ProducerState): boolean {
  const [only, second] = recent;
  return only === undefined || (second === undefined && only.timestamp === lastTimestamp);
}
function writeProducer(data: Buffer, start: number, id: number, state: ProducerState): number {
  const last = state.recent.at(-1);
  const delta = last === undefined ? 0 : deltaOf(last);
  let at = writeLong(data, id, start);
  at = data.writeInt16BE(state.epoch, at);
  at = data.writeInt32BE(last?.lastSequence ?? -1, at);
  at = writeLong(data, last === undefined ? -1 : last.baseOffset + delta, at);
  at = data.writeInt32BE(delta, at);
  at = writeLong(data, state.lastTimestamp, at);
  at = data.writeInt32BE(state.coordinatorEpoch, at);
  return writeLong(data, state.firstOffset, at);
}
function writeBatch(data: Buffer, start: number, id: number, batch: RecentBatch): number {
  const delta = deltaOf(batch);
  let at = writeLong(data, id, start);
  at = data.writeInt32BE(batch.lastSequence, at);
  at = writeLong(data, batch.baseOffset + delta, at);
  at = data.writeInt32BE(delta, at);
  return writeLong(data, batch.timestamp, at);
}

/** The producers; undefined when the bytes are no whole snapshot. */
export function readProducers(data: Buffer): Map<number, ProducerState> | undefined {
  if (data.length < headBytes || data.readInt16BE(0) !== version) return undefined;
  if (data.readUInt32BE(crcAt) !== crc32c(data, checkedFrom)) return undefined;
  const count = data.readInt32BE(checkedFrom);
  const end = headBytes + count * producerBytes;
  if (count < 0 || end > data.length) return undefined;
  const states = new Map<number, ProducerState>();
  for (let at = headBytes; at < end; at += producerBytes)
    states.set(readLong(data, at), readProducer(data, at));
  return end === data.length || readBatches(data, end, states) ? states : undefined;
}
function readProducer(data: Buffer, at: number): ProducerState {
  const lastTimestamp = readLong(data, at + 26);
  const lastOffset = readLong(data, at + 14);
  const last = readBatch(data.readInt32BE(at + 10), lastOffset, data.readInt32BE(at + 22), lastTimestamp);
  return {
    epoch: data.readInt16BE(at + 8),
    recent: lastOffset < 0 ? [] : [last],
    lastTimestamp,
    coordinatorEpoch: data.readInt32BE(at + 34),
    firstOffset: readLong(data, at + 38),
  };
}
function readBatch(lastSequence: number, lastOffset: number, delta: number, timestamp: number): RecentBatch {
  const firstSequence = (lastSequence - delta + sequences) % sequences;
  return { firstSequence, lastSequence, baseOffset: lastOffset - delta, timestamp };
}
/** Puts the batches in the place of the one that Kafka's part told of. False when they are not whole. */
function readBatches(data: Buffer, start: number, states: ReadonlyMap<number, ProducerState>): boolean {
  if (start + batchesHeadBytes > data.length || data.readInt16BE(start) !== batchesVersion) return false;
  const from = start + batchesHeadBytes;
  if (from + data.readInt32BE(start + 2) * batchBytes !== data.length) return false;
  const found = new Map<number, RecentBatch[]>();
  for (let at = from; at < data.length; at += batchBytes) {
    const id = readLong(data, at);
    const timestamp = readLong(data, at + 24);
    const lastOffset = readLong(data, at + 12);
    const batch = readBatch(data.readInt32BE(at + 8), lastOffset, data.readInt32BE(at + 20), timestamp);
    const recent = found.get(id);
    if (recent === undefined) found.set(id, [batch]);
    else recent.push(batch);
  }
  for (const [id, recent] of found) {
    const state = states.get(id);
    if (state === undefined) return false;
    state.recent = recent;
  }
  return true;
}
