/* VARIANT and BITMAP: no format has a form for them, as in Flink, and each says so when a table is opened. */

import { describe, expect, test } from 'vitest';
import { UserError } from '#base';
import { parseOptions } from '#catalog';
import { types, type Field, type LogicalType } from '#data';
import { findFormat, FormatOptions, formatSpecs } from '#formats';

const of: readonly (readonly [string, LogicalType])[] = [
  ['VARIANT', types.VARIANT],
  ['BITMAP', types.BITMAP],
  ['ROW<v VARIANT>', types.row([{ name: 'v', type: types.VARIANT }])],
  ['ARRAY<BITMAP>', types.array(types.BITMAP)],
];
const names = ['json', 'csv', 'raw', 'avro', 'debezium-json', 'canal-json', 'maxwell-json', 'ogg-json'];

const thrown = (open: () => unknown): unknown => {
  try {
    open();
  } catch (error) {
    return error;
  }
  return undefined;
};

describe.each(names)('%s', (name) => {
  const format = findFormat(name);
  const options = new FormatOptions(parseOptions({ owner: 'test', specs: formatSpecs(format, '') }, []), '');
  test.each(of)('%s is neither read nor written', (_, type) => {
    const fields: readonly Field[] = [{ name: 'v', type }];
    for (const open of [() => format.decoder!(fields, options), () => format.encoder!(fields, options)]) {
      const error = thrown(open);
      expect(error).toBeInstanceOf(UserError);
      expect((error as UserError).code).toBe('FMT1003');
    }
  });
});
