/* The tables of a job, as a contract is held against them: what they declare, and what the job counts of their rows. */

import type { EngineJob } from '#engine';
import type { JobTable } from '#contracts';
import { typeText } from '#data';

/** Those that it reads first. */
export function jobTables(job: EngineJob): JobTable[] {
  const metrics = job.metrics();
  const checks = job.checks();
  return job.plan.nodes.flatMap((node): JobTable[] => {
    if (node.kind === 'operator') return [];
    const { table, fields } = node;
    const { object } = table.path;
    const own = metrics.filter((m) => m.id === node.id);
    const declared = (node.kind === 'source' ? node.declared : undefined) ?? [...table.physical, ...fields];
    const all = new Map(declared.map((f) => [f.name, typeText(f.type)]));
    const sum = (rows: (m: (typeof own)[number]) => number): number => own.reduce((n, m) => n + rows(m), 0);
    const common = {
      job: job.name,
      name: object,
      columns: [...all].map(([name, type]) => ({ name, typeText: type })),
    };
    if (node.kind === 'sink')
      return [
        {
          ...common,
          role: 'writes',
          rows: sum((m) => m.rowsIn),
          key: node.accepts.updateAfter ? node.key.map((i) => node.fields[i]!.name) : [],
          checks: [],
        },
      ];
    const watermark = own.reduce((least, m) => Math.min(least, m.watermark), Infinity);
    return [
      {
        ...common,
        role: 'reads',
        rows: sum((m) => m.rowsOut),
        key: [],
        rowtime: node.watermark && {
          column: node.watermark.rowtimeName,
          watermark: Number.isFinite(watermark) ? watermark : null,
        },
        checks: checks.filter((c) => c.table === object),
      },
    ];
  });
}
