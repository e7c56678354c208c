/* bench/broker.md: what was measured, as a table. */

import { cpus } from 'node:os';
import { brokerFlags } from '../../apps/cli/src/services/node-flags.ts';
import type { Produced } from './perf.ts';

/** The median of all rounds; `steady` is measured once. */
export interface Figure {
  readonly target: string;
  readonly bytes: number;
  readonly produced: Produced;
  readonly steady: Produced;
  readonly consumedPerSecond: number;
}
export interface Extras {
  readonly startMs: number;
  readonly million: { readonly before: number; readonly after: number };
  readonly crowd: { readonly connections: number; readonly ms: number; readonly produced: Produced };
}
export interface Plan {
  readonly rounds: number;
  readonly sizes: readonly {
    readonly bytes: number;
    readonly records: number;
    readonly steady: number;
  }[];
  readonly steadySeconds: number;
  readonly kafka: string;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;

export function report(plan: Plan, figures: readonly Figure[], { startMs, million, crowd }: Extras): string {
  const { rounds, sizes, steadySeconds, kafka } = plan;
  const steady = sizes.map((s) => `${whole(s.steady)} records a second of ${s.bytes} B`).join(' and ');
  const amounts = sizes.map((s) => `${whole(s.records)} of ${whole(s.bytes)} B`).join(', ');
  return `# The embedded Kafka beside Kafka 4.1

By Kafka's own ProducerPerformance and ConsumerPerformance, one client at a time in a JVM of its own, acks=all, idempotent, batch.size
65536, linger.ms 5, one partition: ${amounts}. All three brokers ran at once and took turns; every figure is the median
of ${rounds} rounds, but that of the steady rate. ${cpus().length} cores (${cpus()[0]!.model.trim()}), shared by broker and client; Node ${process.version} with \`${brokerFlags.join(' ')}\`, as \`services up kafka\` starts it. Kafka keeps its log on disk, as it
always does, and has the flags of its own start script:
\`${kafka}\`.

| broker | record | produced a second | to Kafka | p99, at full speed | mean, p99 and p99.9, at a steady rate | consumed a second | to Kafka |
|---|---|---|---|---|---|---|---|
${figures.map((figure) => row(figure, figures)).join('\n')}

The steady rate is ${steady}, for ${steadySeconds} seconds, with linger.ms 0; the tool counts its percentiles in whole milliseconds.

- Start in process: ${startMs.toFixed(1)} ms (first start of a process; the code was loaded before).
- ${whole(crowd.connections)} connections, each with an answered request, were open after ${whole(crowd.ms)} ms; beside them a producer of ${whole(crowd.produced.perSecond)} records a second had a p99 of ${crowd.produced.p99} ms.
- A million messages of 100 B in memory: resident memory of the whole process went from ${megabytes(million.before)} to ${megabytes(million.after)}; Kafka's heap is 1 GB.
`;
}

function row({ target, bytes, produced, steady, consumedPerSecond }: Figure, all: readonly Figure[]): string {
  const kafka = all.find((f) => f.target === 'Kafka 4.1' && f.bytes === bytes)!;
  const ratio = (a: number, b: number): string => (a / b).toFixed(2);
  const cells = [
    target,
    `${bytes} B`,
    whole(produced.perSecond),
    ratio(produced.perSecond, kafka.produced.perSecond),
    `${produced.p99} ms`,
    `${steady.mean.toFixed(2)}, ${steady.p99} and ${steady.p999} ms`,
    whole(consumedPerSecond),
    ratio(consumedPerSecond, kafka.consumedPerSecond),
  ];
  return `| ${cells.join(' | ')} |`;
}
