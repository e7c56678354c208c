/* What the Nexmark benchmark asks of an engine: the same of ours and of Flink. */

import type { NexmarkQuery } from './queries.ts';
import type { NexmarkTopic } from './tables.ts';

/** What one run of a query took. */
export interface RunCost {
  /** Seconds from the job running to the job finished. */
  readonly wall: number;
  /** Seconds of CPU time: of our whole process, of Flink's TaskManager alone. */
  readonly cpu: number;
  /** Resident memory at its highest since the engine started, megabytes; of ours. */
  readonly peakMb?: number;
}

export interface NexmarkInputs extends NexmarkTopic {
  /** Options of the side input of q13, if it is asked for. */
  readonly side: Readonly<Record<string, string>> | undefined;
}

export interface NexmarkEngine {
  /** Runs a query to its end in a process that stays up; its rows go to a folder as files, or nowhere. */
  run(query: NexmarkQuery, folder?: string): Promise<RunCost>;
  close(): Promise<void>;
}
