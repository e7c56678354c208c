/* What can be generated from a contract, one line each. */

import { nearest, UserError } from '#base';
import { jsonText } from '#quality';
import { suiteOf } from '../expectations.ts';
import type { Contract, ContractTable } from '../model.ts';
import { avroSchema } from './avro.ts';
import { dbtSchema } from './dbt.ts';
import { flinkDdl, postgresDdl } from './ddl.ts';
import { jsonSchema } from './json-schema.ts';
import { odcsText } from './odcs.ts';
import { typescriptTypes } from './typescript.ts';

type Generator = (table: ContractTable, contract: Contract) => string;

export const generators: Readonly<Record<string, Generator>> = {
  ddl: flinkDdl,
  postgres: postgresDdl,
  'json-schema': jsonSchema,
  avro: avroSchema,
  suite: (table, contract) => `${jsonText(suiteOf(contract, table, undefined, 0), 2)}\n`,
  typescript: typescriptTypes,
  dbt: dbtSchema,
  odcs: (_, contract) => odcsText(contract),
};

/** Throws CON1005 for what cannot be generated. */
export function generate(kind: string, table: ContractTable, contract: Contract): string {
  const generator = generators[kind];
  if (generator !== undefined) return generator(table, contract);
  const meant = nearest(kind, Object.keys(generators));
  throw new UserError('CON1005', {
    message: `--to ${kind}: there is no such form`,
    hint:
      meant === undefined ? `There are: ${Object.keys(generators).join(', ')}.` : `Did you mean ${meant}?`,
  });
}
