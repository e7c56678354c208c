/* A whole broker as bytes: its journal and all its batches. Everything else follows from these.
 *
 *   "MBS1" │ checksum of the rest 4 │ length 4 │ JSON: journal entries, logs │ batches of the first log │ of the next ...
 */

import { UserError } from '#base';
import { readRecordBatch } from '#records';
import { crc32c } from '#wasm';
import { MemoryLog } from '../log/memory-log.ts';
import type { MemoryRoom } from '../log/memory-room.ts';
import type { LogSettings, PartitionLog } from '../log/partition-log.ts';
import type { Cluster } from './cluster.ts';
import { MemoryJournal, type Json } from './journal.ts';
import { memoryPlace, memorySpace, type Store, type StoreSpace } from './store.ts';

const magic = 'MBS1';
const checkedFrom = 8;
const textFrom = 12;

interface StoredLog {
  readonly topic: string;
  readonly partition: number;
  readonly startOffset: number;
  readonly endOffset: number;
  readonly bytes: number;
}
interface Contents {
  readonly journal: readonly (readonly [key: string, value: Json])[];
  readonly logs: readonly StoredLog[];
}

export function takeSnapshot({ store, topics }: Pick<Cluster, 'store' | 'topics'>): Uint8Array {
  const logs: StoredLog[] = [];
  const batches: Buffer[] = [];
  for (const { topic, index, log } of topics.partitions()) {
    let length = 0;
    for (const { bytes } of log.batches()) {
      batches.push(bytes);
      length += bytes.length;
    }
    const { startOffset, endOffset } = log;
    logs.push({ topic, partition: index, startOffset, endOffset, bytes: length });
  }
  const contents: Contents = { journal: [...store.journal.entries()], logs };
  const text = Buffer.from(JSON.stringify(contents));
  const head = Buffer.alloc(textFrom);
  head.write(magic);
  head.writeUInt32BE(text.length, checkedFrom);
  const snapshot = Buffer.concat([head, text, ...batches]);
  snapshot.writeUInt32BE(crc32c(snapshot, checkedFrom), magic.length);
  return snapshot;
}

/** A memory store that starts as the snapshot says. */
export class SnapshotStore implements Store {
  readonly journal: MemoryJournal;
  readonly place = memoryPlace;
  /** By topic and partition: logs that were not opened yet, with their bytes. */
  readonly #logs = new Map<string, { readonly stored: StoredLog; readonly bytes: Buffer }>();
  readonly #room: MemoryRoom;

  /** Throws UserError when the bytes are no snapshot. */
  constructor(snapshot: Uint8Array, room: MemoryRoom) {
    this.#room = room;
    const data = Buffer.from(snapshot);
    const sound =
      data.length >= textFrom &&
      data.toString('latin1', 0, magic.length) === magic &&
      data.readUInt32BE(magic.length) === crc32c(data, checkedFrom);
    if (!sound) throw new UserError('BRK1007', { message: 'these bytes are no snapshot of a broker' });
    let at = textFrom + data.readUInt32BE(checkedFrom);
    const { journal, logs } = JSON.parse(data.toString('utf8', textFrom, at)) as Contents;
    this.journal = new MemoryJournal(journal);
    for (const stored of logs) {
      const bytes = data.subarray(at, at + stored.bytes);
      this.#logs.set(`${stored.topic}/${stored.partition}`, { stored, bytes });
      at += stored.bytes;
    }
  }
  openLog(topic: string, partition: number, settings: LogSettings): PartitionLog {
    const place = `${topic}/${partition}`;
    const found = this.#logs.get(place);
    this.#logs.delete(place);
    if (found === undefined) return new MemoryLog(settings, this.#room);
    const { stored, bytes } = found;
    const log = new MemoryLog(settings, this.#room, stored.startOffset, stored.endOffset);
    for (let at = 0; at < bytes.length; ) {
      const { end } = readRecordBatch(bytes, at)!;
      const batch = bytes.subarray(at, end);
      log.append(batch, readRecordBatch(batch, 0)!);
      at = end;
    }
    log.endOffset = stored.endOffset;
    return log;
  }
  async space(): Promise<StoreSpace> {
    return memorySpace(this.#room);
  }
  async close(): Promise<void> {
    await this.journal.close();
  }
}
