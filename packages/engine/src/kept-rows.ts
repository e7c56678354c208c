/* Which jobs a reader of a kept table waits for: such a table gives what was committed, so a bounded job that writes it, and
 * was started before, is through first. One without end is not waited for. */

import { pathText, type ConnectorRegistry, type ConnectorTable } from '#catalog';
import type { JobPlan } from '#job';
import type { EngineJob } from './job.ts';

const tables = (plan: JobPlan, kind: 'source' | 'sink', connectors: ConnectorRegistry): ConnectorTable[] =>
  plan.nodes.flatMap((node) =>
    node.kind === kind && connectors.get(node.connector)?.keeper !== undefined ? [node.table] : [],
  );

/** Ends by itself: all that it reads does. */
const isBounded = (plan: JobPlan, connectors: ConnectorRegistry): boolean =>
  plan.nodes.every(
    (node) => node.kind !== 'source' || connectors.get(node.connector)?.source?.(node.table).bounded === true,
  );

/** Resolves when the plan may start. `warn` is called for each table that a job without end writes. */
export async function writersEnd(
  plan: JobPlan,
  jobs: readonly EngineJob[],
  connectors: ConnectorRegistry,
  warn: (message: string) => void,
): Promise<void> {
  const read = new Set(tables(plan, 'source', connectors).map((t) => pathText(t.path)));
  if (read.size === 0) return;
  for (const job of jobs) {
    if (job.endedAt !== undefined) continue;
    const written = tables(job.plan, 'sink', connectors).find((t) => read.has(pathText(t.path)));
    if (written === undefined) continue;
    // What failed it is said by itself; the table holds what was committed.
    if (isBounded(job.plan, connectors)) await job.done.catch(() => {});
    else
      warn(
        `the job ${job.name} goes on writing the table '${written.path.object}': read is what its last checkpoint committed`,
      );
  }
}
