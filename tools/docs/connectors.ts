/* Option tables of the connectors and providers of models, each into its page; the rest of a page is written by hand. */

import type { OptionSpec } from '#catalog';
import { blackholeOptionSpecs } from '../../packages/connectors/src/blackhole/descriptor.ts';
import { datagenFieldSpecs, datagenTableSpecs } from '../../packages/connectors/src/datagen/options.ts';
import { demoOptionSpecs } from '../../packages/connectors/src/demo-events/options.ts';
import { filesystemOptionSpecs } from '../../packages/connectors/src/filesystem/options.ts';
import { jdbcOptionSpecs } from '../../packages/connectors/src/jdbc/options.ts';
import { kafkaOptionSpecs } from '../../packages/connectors/src/kafka/options.ts';
import { nexmarkOptionSpecs } from '../../packages/connectors/src/nexmark/options.ts';
import { openaiOptionSpecs } from '../../packages/connectors/src/openai/options.ts';
import { printOptionSpecs } from '../../packages/connectors/src/print/options.ts';
import { pageWithOptions } from './option-tables.ts';

const specsOf: Readonly<Record<string, readonly OptionSpec[]>> = {
  blackhole: blackholeOptionSpecs,
  datagen: [
    ...datagenTableSpecs,
    ...Object.values(datagenFieldSpecs).map((s: OptionSpec) => ({ ...s, key: `fields.#.${s.key}` })),
  ],
  'demo-events': demoOptionSpecs,
  filesystem: filesystemOptionSpecs,
  jdbc: jdbcOptionSpecs,
  kafka: kafkaOptionSpecs('kafka'),
  nexmark: nexmarkOptionSpecs,
  print: printOptionSpecs,
  'upsert-kafka': kafkaOptionSpecs('upsert-kafka'),
};

/** Makers of the pages, by file; that of models has the options of the provider openai. */
export const connectorDocs: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(
    Object.entries(specsOf).map(([name, specs]) => {
      const file = `docs/connectors/${name}.md`;
      return [file, () => pageWithOptions(file, [specs])];
    }),
  ),
  'docs/models.md': () => pageWithOptions('docs/models.md', [openaiOptionSpecs]),
};
