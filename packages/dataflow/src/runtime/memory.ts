/* The memory budget of a job: what its parts hold together may not pass `millrace.memory.budget`. A job that would is
 * stopped with the parts named, before the process runs out of memory and takes everything else with it. */

import { formatBytes, UserError } from '#base';

export interface MemoryPart {
  readonly title: string;
  readonly heldBytes: number;
}

/** How many parts an error names. */
const partsNamed = 3;

const bounds =
  "SET 'table.exec.state.ttl' or a window bounds the state; SET 'millrace.memory.budget' raises the bound.";

/** Throws JOB1002 when the parts hold more than `bytesMax` together. `onDisk`: state by key leaves memory. */
export function checkMemory(parts: readonly MemoryPart[], bytesMax: number, onDisk: boolean): void {
  let held = 0;
  for (const part of parts) held += part.heldBytes;
  if (held <= bytesMax) return;
  const largest = [...parts]
    .filter((p) => p.heldBytes > 0)
    .sort((a, b) => b.heldBytes - a.heldBytes)
    .slice(0, partsNamed)
    .map((p) => `${p.title} ${formatBytes(p.heldBytes)}`);
  throw new UserError('JOB1002', {
    message: `the job holds ${formatBytes(held)} of state and buffers, more than 'millrace.memory.budget' = ${formatBytes(bytesMax)}: ${largest.join(', ')}`,
    hint: onDisk
      ? `State by key lies on disk; the rows of one key, what batch mode goes through at the end, rows in flight and buffers do not. ${bounds}`
      : `SET 'state.backend.type' = 'rocksdb' keeps on disk what does not fit. ${bounds}`,
  });
}
