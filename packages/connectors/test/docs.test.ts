import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connectorDocs } from '../../../tools/docs/connectors.ts';

const root = join(import.meta.dirname, '..', '..', '..');

test('the option tables of the pages are what the options say', () => {
  for (const [file, make] of Object.entries(connectorDocs)) {
    expect(existsSync(join(root, file)), file).toBe(true);
    expect(readFileSync(join(root, file), 'utf8'), `${file} is stale: npm run docs`).toBe(make());
  }
});
