/* Contracts that we write validate against the Open Data Contract Standard's own JSON Schema, and what it takes we read.
 * The schema comes with its Python package, which pip brings into .cache. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';
import { describe, expect, test } from 'vitest';
import { draftContract, generate, readContract, tableNamed } from '#contracts';
import { odcsSchema } from '../../tools/quality/odcs.ts';

const schema = await odcsSchema();
const reason = 'missing' in schema ? schema.missing : undefined;
if (reason !== undefined && process.env['CI'] === 'true') throw new Error(reason);

const page = readFileSync(join(import.meta.dirname, '../../docs/contracts.md'), 'utf8');
const blocks = [...page.matchAll(/```yaml (short|odcs)\n(.*?)```/gs)].map(([, form, text]) => ({
  form: form!,
  text: text!,
}));

describe.skipIf(reason !== undefined)('the standard', () => {
  const validate = (): ReturnType<Ajv2019['compile']> =>
    new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(
      JSON.parse(readFileSync((schema as { readonly file: string }).file, 'utf8')) as object,
    );
  test('takes what is generated', () => {
    const check = validate();
    for (const { text } of blocks) {
      const contract = readContract(text, 'docs');
      const written = generate('odcs', tableNamed(contract, undefined), contract);
      expect(check(parse(written)), `${written}\n${JSON.stringify(check.errors?.slice(0, 3))}`).toBe(true);
    }
    const column = {
      type: 'BIGINT',
      nulls: 0,
      distinct: 3,
      min: 1,
      max: 3,
      mean: 2,
      stdev: 1,
      lengths: null,
      histogram: null,
      top: [],
    };
    const draft = readContract(
      draftContract('t', {
        rows: 3,
        columns: [
          { ...column, name: 'id', family: 'integer' },
          { ...column, name: 'b', family: 'bytes' },
        ],
      }),
      'draft',
    );
    const drafted = generate('odcs', tableNamed(draft, undefined), draft);
    expect(
      check(parse(drafted)),
      `${drafted}
${JSON.stringify(check.errors?.slice(0, 3))}`,
    ).toBe(true);
  });
  test('takes the example of the page, which we read', () => {
    const check = validate();
    const odcs = blocks.find((b) => b.form === 'odcs')!;
    expect(check(parse(odcs.text)), JSON.stringify(check.errors?.slice(0, 3))).toBe(true);
    expect(readContract(odcs.text, 'odcs').tables[0]!.fields.length).toBeGreaterThan(2);
  });
  test.each([
    ['no id', (c: Record<string, unknown>) => delete c['id']],
    ['another kind', (c: Record<string, unknown>) => (c['kind'] = 'Contract')],
    [
      'a type that there is not',
      (c: Record<string, unknown>) =>
        ((c['schema'] as { properties: { logicalType: string }[] }[])[0]!.properties[0]!.logicalType =
          'text'),
    ],
  ])('refuses %s, and so do we', (_, spoil) => {
    const contract = parse(blocks.find((b) => b.form === 'odcs')!.text) as Record<string, unknown>;
    spoil(contract);
    expect(validate()(contract)).toBe(false);
    expect(() => readContract(JSON.stringify(contract), 'spoiled')).toThrow(
      expect.objectContaining({ code: 'CON1002' }),
    );
  });
});
