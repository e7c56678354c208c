/* Which partition a record goes to. */

import { UserError } from '#base';
import type { Options } from '#catalog';

/** The partition of the next record. Its key is data[start, end), all of it where nothing else is said; `data` is null for
 *  records without a key. */
export type Partitioner = (data: Uint8Array | null, start?: number, end?: number) => number;

/** Records in a row that go to one partition when there is no key: batches fill better than one by one. */
const stickyRecords = 512;

/** Austin Appleby's MurmurHash2 with Kafka's seed: where every Kafka client looks for a key. */
export function murmur2(data: Uint8Array, start = 0, end = data.length): number {
  const m = 0x5bd1e995;
  let h = 0x9747b28c ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) {
    let k = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const left = end - at;
  if (left >= 3) h ^= data[at + 2]! << 16;
  if (left >= 2) h ^= data[at + 1]! << 8;
  if (left >= 1) h = Math.imul(h ^ data[at]!, m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  return h ^ (h >>> 15);
}

function roundRobin(partitions: number, start: number, each: number): () => number {
  let next = start * each;
  return () => Math.floor(next++ / each) % partitions;
}

/** Kafka's own way: by the key's hash, records without a key in turn. Rows of one key stay in order. */
export function keyPartitioner(partitions: number, instance: number): Partitioner {
  const keyless = roundRobin(partitions, instance, stickyRecords);
  if (partitions === 1) return () => 0;
  return (data, start, end) =>
    data === null ? keyless() : (murmur2(data, start, end) & 0x7fffffff) % partitions;
}

/** What 'sink.partitioner' asks for; `instance` is the number of this writer. Throws UserError for class
 *  names. */
export function partitioner(options: Options, partitions: number, instance: number): Partitioner {
  const name = options.string('sink.partitioner') ?? 'default';
  switch (name) {
    case 'default':
      return keyPartitioner(partitions, instance);
    case 'fixed':
      return () => instance % partitions;
    case 'round-robin':
      return roundRobin(partitions, instance, 1);
    default:
      throw new UserError('CAT1002', {
        at: options.at('sink.partitioner'),
        message: `option 'sink.partitioner': found '${name}', expected default, fixed or round-robin`,
        hint: 'Partitioners written in Java cannot run here.',
      });
  }
}
