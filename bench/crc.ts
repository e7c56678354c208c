/* How many bytes a second does the checksum of record batches take, in place in the thread's memory, and copied there?
 *
 * Run: node --conditions=millrace-source bench/crc.ts
 *
 * Last answer, on 2 cores of an AMD EPYC with other work beside it, GB/s in place (with a copy), and before that by tables
 * alone in four lanes:
 *
 *       512 bytes   1.8  (1.6)     2.1  (1.9)
 *      2048         6.2  (4.9)     2.1  (1.8)
 *     16384        14.0 (11.3)     4.2  (4.2)
 *     65536        19.7 (16.0)     4.4  (4.2)
 *   1048576        23.2 (17.9)     4.3  (4.1) */

import { byteKernels, crc32c, threadMemory } from '#wasm';

const dataBytes = 4 << 20;
const bytesEach = 64 << 20;
const rounds = 9;

const memory = threadMemory();
const region = memory.allocate(dataBytes)!;
const elsewhere = new Uint8Array(dataBytes).map((_, i) => Math.imul(i, 2_654_435_761) >>> 24);
memory.bytes.set(elsewhere, region.address);
const kernels = byteKernels();

/** GB/s of the best round. */
function rate(length: number, sum: (at: number) => number): string {
  const calls = Math.ceil(bytesEach / length);
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    for (let call = 0; call < calls; call++) sum((call * length) % (dataBytes - length + 1));
    best = Math.max(best, (calls * length) / (performance.now() - start) / 1e6);
  }
  return best.toFixed(1);
}

for (const length of [512, 2 << 10, 16 << 10, 64 << 10, 256 << 10, 1 << 20]) {
  const inPlace = rate(length, (at) => kernels.crc32c(0, region.address + at, length));
  const copied = rate(length, (at) => crc32c(elsewhere, at, at + length));
  console.log(`${String(length).padStart(8)} bytes  ${inPlace.padStart(5)} GB/s  (${copied})`);
}
