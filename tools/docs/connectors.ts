/* Option tables of the connectors, each into its page between two marks; the rest of a page is written by hand. */

import { readFileSync } from 'node:fs';
import type { OptionSpec } from '#catalog';
import { blackholeOptionSpecs } from '../../packages/connectors/src/blackhole/descriptor.ts';
import { datagenFieldSpecs, datagenTableSpecs } from '../../packages/connectors/src/datagen/options.ts';
import { demoOptionSpecs } from '../../packages/connectors/src/demo-events/options.ts';
import { filesystemOptionSpecs } from '../../packages/connectors/src/filesystem/options.ts';
import { jdbcOptionSpecs } from '../../packages/connectors/src/jdbc/options.ts';
import { nexmarkOptionSpecs } from '../../packages/connectors/src/nexmark/options.ts';
import { printOptionSpecs } from '../../packages/connectors/src/print/options.ts';

const specsOf: Readonly<Record<string, readonly OptionSpec[]>> = {
  blackhole: blackholeOptionSpecs,
  datagen: [
    ...datagenTableSpecs,
    ...Object.values(datagenFieldSpecs).map((s: OptionSpec) => ({ ...s, key: `fields.#.${s.key}` })),
  ],
  'demo-events': demoOptionSpecs,
  filesystem: filesystemOptionSpecs,
  jdbc: jdbcOptionSpecs,
  nexmark: nexmarkOptionSpecs,
  print: printOptionSpecs,
};

const begin = '<!-- options: generated, see tools/docs -->';
const end = '<!-- end of options -->';

const cell = (text: string): string => text.replaceAll('|', '\\|');

function optionTable(specs: readonly OptionSpec[]): string {
  const lines = specs.map((spec) => {
    const type = spec.values === undefined ? spec.type : spec.values.join(', ');
    const fallback = spec.required ? 'required' : spec.default === undefined ? '' : `\`${spec.default}\``;
    return `| \`${spec.key}\` | ${type} | ${fallback} | ${cell(spec.doc)} |`;
  });
  return ['| Option | Type | Default | Meaning |', '|---|---|---|---|', ...lines].join('\n');
}

function page(file: string, specs: readonly OptionSpec[]): string {
  const text = readFileSync(file, 'utf8');
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} has no place for its options: ${begin} … ${end}`);
  return `${text.slice(0, from)}${begin}\n${optionTable(specs)}\n${text.slice(to)}`;
}

/** Makers of the pages, by file. */
export const connectorDocs: Readonly<Record<string, () => string>> = Object.fromEntries(
  Object.entries(specsOf).map(([name, specs]) => {
    const file = `docs/connectors/${name}.md`;
    return [file, () => page(file, specs)];
  }),
);
