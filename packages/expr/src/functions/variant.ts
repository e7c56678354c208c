/* VARIANT of JSON text: PARSE_JSON and TRY_PARSE_JSON. What takes a VARIANT apart is ITEM (item.ts); JSON_STRING writes it. */

import { UserError } from '#base';
import { notNull, types, VariantError, type LogicalType, type Value } from '#data';
import { bindCall } from '../bind/bind-call.ts';
import { JsonSyntaxError } from '../values/json.ts';
import { variantOfJson } from '../values/variant-json.ts';
import type { Expr } from '../expression.ts';
import { define } from './define.ts';
import type { Example, FunctionEntry } from './entry.ts';
import { bool, str } from './examples.ts';
import { parameters } from './parameters.ts';

const { string, boolean } = parameters;

type Parse = (text: string, allowDuplicates?: boolean) => Value;

/** The VARIANT of a text, or why there is none. */
function parsed(text: string, allowDuplicates = false): Uint8Array | Error {
  try {
    return variantOfJson(text, allowDuplicates);
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof VariantError) return error;
    throw error;
  }
}

const shown = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

const parse: Parse = (text, allowDuplicates) => {
  const found = parsed(text, allowDuplicates);
  if (!(found instanceof Error)) return found;
  throw new UserError('DATA3006', {
    message: `PARSE_JSON: '${shown(text)}' is no VARIANT: ${found.message}`,
    hint: 'TRY_PARSE_JSON gives NULL instead of an error; a second argument TRUE allows names that come twice.',
  });
};
const tryParse: Parse = (text, allowDuplicates) => {
  const found = parsed(text, allowDuplicates);
  return found instanceof Error ? null : found;
};

/** Shown as JSON text, which a VARIANT has no other form for. */
const example = (name: string, sql: string, args: readonly Expr[], result: string | null): Example => ({
  sql: `JSON_STRING(${sql})`,
  call: () => bindCall('JSON_STRING', [bindCall(name, args)]),
  result,
});

function parser(
  name: string,
  gives: LogicalType,
  body: Parse,
  doc: string,
  examples: readonly Example[],
): FunctionEntry {
  const entry = define('json', name, {
    takes: [{ takes: [string, boolean], optional: 1, gives }],
    body: () => body,
    doc,
    samples: [],
  });
  return { ...entry, examples };
}

export const variants: readonly FunctionEntry[] = [
  parser(
    'PARSE_JSON',
    notNull(types.VARIANT),
    parse,
    'The JSON text as a VARIANT; an error where it is no JSON, or a name comes twice in an object. TRUE behind it lets the last value of a name count.',
    [
      example(
        'PARSE_JSON',
        `PARSE_JSON('{"b": 1.50, "a": [null, true]}')`,
        [str('{"b": 1.50, "a": [null, true]}')],
        '{"a":[null,true],"b":1.5}',
      ),
      example(
        'PARSE_JSON',
        `PARSE_JSON('{"a": 1, "a": 2}', TRUE)`,
        [str('{"a": 1, "a": 2}'), bool(true)],
        '{"a":2}',
      ),
    ],
  ),
  parser('TRY_PARSE_JSON', types.VARIANT, tryParse, 'As PARSE_JSON, but NULL where that fails.', [
    example('TRY_PARSE_JSON', "TRY_PARSE_JSON('{')", [str('{')], null),
    example('TRY_PARSE_JSON', "TRY_PARSE_JSON('[1]')", [str('[1]')], '[1]'),
  ]),
];
