/* Random pairs of JSON Schemas that are said to be compatible: what a validator finds right by the writer's, it finds right
 * by the reader's. The validator is ajv, which a client of registries brings along. */

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Rng } from '#base';
import { parseSchema } from '#schemas';
import { registryNode } from '../../../tools/registry-clients.ts';
import { RandomJsonSchema } from './random-json-schema.ts';

const pairCount = Number(process.env['MILLRACE_JSON_PAIRS'] ?? 80);
const seed = Number(process.env['MILLRACE_SEED'] ?? 20_261_129);
const valuesPerPair = 60;

type Validate = (value: unknown) => boolean;
interface Ajv {
  compile(schema: unknown): Validate;
}
const asSchema = (schema: unknown, like: object): unknown =>
  typeof schema === 'boolean'
    ? schema
    : { $schema: 'https://json-schema.org/draft/2020-12/schema', ...like, ...(schema as object) };

test('what is said to be compatible is', { timeout: 600_000 }, async ({ skip }) => {
  const client = await registryNode(join(import.meta.dirname, '../../registry/test/clients'));
  if ('missing' in client) return skip(client.missing);
  const require = createRequire(join(client.folder, 'package.json'));
  const { default: Ajv2020 } = require('ajv/dist/2020') as { default: new (options: object) => Ajv };
  const compile = (schema: unknown): Validate =>
    new Ajv2020({ strict: false, logger: false }).compile(schema);
  const rng = new Rng(seed);
  const counts = { compatible: 0, refused: 0, values: 0 };
  for (let i = 0; i < pairCount; i++) {
    const random = new RandomJsonSchema(rng);
    const root = random.root() as { $defs: unknown };
    const writer = asSchema(root, {});
    const reader = asSchema(random.changed(root as never), { $defs: root.$defs });
    const [r, w] = [reader, writer].map((schema) => parseSchema('JSON', JSON.stringify(schema)));
    if (r!.cannotRead(w!).length > 0) {
      counts.refused++;
      continue;
    }
    counts.compatible++;
    const [readable, written] = [compile(reader), compile(writer)];
    for (let k = 0; k < valuesPerPair; k++) {
      const value = random.valueLike(writer);
      if (!written(value)) continue;
      counts.values++;
      const label = `seed ${seed}, pair ${i}: ${JSON.stringify(value)} by ${JSON.stringify(writer)}, not by ${JSON.stringify(reader)}`;
      expect(readable(value), label).toBe(true);
    }
  }
  expect(Math.min(...Object.values(counts)), JSON.stringify(counts)).toBeGreaterThan(5);
});
