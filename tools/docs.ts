/* Writes the documentation that is generated from tables; with --check, fails where a file would change. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { badDataDoc } from './docs/bad-data.ts';
import { brokerDoc } from './docs/broker.ts';
import { connectorDocs } from './docs/connectors.ts';
import { differencesDoc } from './docs/differences.ts';
import { formatsDoc } from './docs/formats.ts';
import { qualityDoc } from './docs/quality.ts';
import { settingsDoc } from './docs/settings.ts';
import { functionsDoc } from './docs/functions.ts';

const generated: Readonly<Record<string, () => string>> = {
  'docs/functions.md': functionsDoc,
  'docs/differences.md': differencesDoc,
  'docs/settings.md': settingsDoc,
  'docs/bad-data.md': badDataDoc,
  'docs/formats.md': formatsDoc,
  'docs/broker.md': brokerDoc,
  'docs/quality.md': qualityDoc,
  ...connectorDocs,
};
const check = process.argv.includes('--check');
let stale = 0;
for (const [file, make] of Object.entries(generated)) {
  const text = make();
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  if (!check) writeFileSync(file, text);
  else {
    stale++;
    console.error(`${file} is not what its table says; run: npm run docs`);
  }
}
process.exit(stale > 0 ? 1 : 0);
