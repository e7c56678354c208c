/* The options of the print connector, as Flink 2.2 has them. */

import type { OptionSchema, OptionSpec } from '#catalog';

export const printOptionSpecs: readonly OptionSpec[] = [
  { key: 'print-identifier', type: 'string', doc: 'Text in front of every line: `identifier> +I[…]`.' },
  {
    key: 'standard-error',
    type: 'boolean',
    default: 'false',
    doc: 'Print to standard error, not to standard output.',
  },
  {
    key: 'sink.parallelism',
    type: 'int',
    doc: 'Accepted for Flink; the sink runs as often as the job does.',
  },
  { key: 'property-version', type: 'int', default: '1', doc: 'Accepted for Flink; without effect.' },
];

export const printOptions: OptionSchema = { owner: `connector 'print'`, specs: printOptionSpecs };
