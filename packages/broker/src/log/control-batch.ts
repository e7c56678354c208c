/* Control batches: the marker that ends a transaction in a partition (KIP-98).
 *
 *   key    version 2 = 0 │ type 2: 0 abort, 1 commit          value    version 2 = 0 │ coordinator epoch 4 */

import { crc32c } from '#wasm';
import { attributesOffset, batchHeaderBytes, BatchWriter, crcOffset, type RecordBatch } from '#records';
import { recordsOf } from './record-body.ts';

const transactionalControl = 0x30;

export interface Marker {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly commit: boolean;
  readonly coordinatorEpoch: number;
}

/** A batch with one marker; base offset and leader epoch are written in when it is appended. */
export function markerBatch(marker: Marker, now: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeInt16BE(marker.commit ? 1 : 0, 2);
  const value = Buffer.alloc(6);
  value.writeInt32BE(marker.coordinatorEpoch, 2);
  const writer = new BatchWriter();
  writer.add(key, value, [], now);
  const batch = Buffer.from(writer.finish('none'));
  batch.writeInt16BE(transactionalControl, attributesOffset);
  batch.writeBigInt64BE(BigInt(marker.producerId), 43);
  batch.writeInt16BE(marker.producerEpoch, 51);
  batch.writeUInt32BE(crc32c(batch, attributesOffset), crcOffset);
  return batch;
}

/** What a control batch of a log says; undefined when it is no transaction's end. */
export function readMarker(bytes: Buffer, head: RecordBatch): Marker | undefined {
  const { data, keyStarts, valueStarts, count } = recordsOf(bytes.subarray(0, bytes.length), head);
  if (!head.control || count !== 1 || bytes.length < batchHeaderBytes) return undefined;
  const view = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const type = view.readInt16BE(keyStarts[0]! + 2);
  if (type !== 0 && type !== 1) return undefined;
  return {
    producerId: head.producerId,
    producerEpoch: head.producerEpoch,
    commit: type === 1,
    coordinatorEpoch: view.readInt32BE(valueStarts[0]! + 2),
  };
}
