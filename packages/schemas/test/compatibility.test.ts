/* Which change of a schema may be read by whom, a line a change: old, new, the rules that reading old data with the new
 * schema breaks, and those that reading new data with the old one does. */

import { describe, expect, test } from 'vitest';
import {
  conflictMessages,
  conflictOf,
  errorText,
  parseSchema,
  sides,
  type ReferencedSchema,
  type SchemaType,
} from '#schemas';

const rules = (type: SchemaType, reader: string, writer: string): string[] =>
  parseSchema(type, reader)
    .cannotRead(parseSchema(type, writer))
    .map((found) => `${found.rule} ${found.path}`);

function check(
  type: SchemaType,
  old: string,
  now: string,
  backward: readonly string[],
  forward: readonly string[],
): void {
  expect({ backward: rules(type, now, old), forward: rules(type, old, now) }).toEqual({ backward, forward });
}

describe('Avro', () => {
  const r = (...fields: readonly string[]): string =>
    `{"type":"record","name":"R","fields":[${fields.join(',')}]}`;
  const a = '{"name":"a","type":"int"}';
  test.each<[string, string, string, readonly string[], readonly string[]]>([
    ['nothing', r(a), r(a), [], []],
    [
      'a field more without a default',
      r(a),
      r(a, '{"name":"b","type":"int"}'),
      ['READER_FIELD_MISSING_DEFAULT_VALUE /fields/1'],
      [],
    ],
    ['a field more with a default', r(a), r(a, '{"name":"b","type":["null","int"],"default":null}'), [], []],
    ['a wider number', r(a), r('{"name":"a","type":"long"}'), [], ['TYPE_MISMATCH /fields/0/type']],
    [
      'another name with an alias',
      r(a),
      r('{"name":"z","type":"int","aliases":["a"]}'),
      [],
      ['READER_FIELD_MISSING_DEFAULT_VALUE /fields/0'],
    ],
    ['a union around it', '"int"', '["null","int"]', [], ['TYPE_MISMATCH /']],
    ['a branch less', '["null","int","string"]', '["null","int"]', ['MISSING_UNION_BRANCH /2'], []],
    [
      'a symbol more',
      '{"type":"enum","name":"E","symbols":["A"]}',
      '{"type":"enum","name":"E","symbols":["A","B"]}',
      [],
      ['MISSING_ENUM_SYMBOLS /symbols'],
    ],
    [
      'a fixed size',
      '{"type":"fixed","name":"F","size":2}',
      '{"type":"fixed","name":"F","size":3}',
      ['FIXED_SIZE_MISMATCH /size'],
      ['FIXED_SIZE_MISMATCH /size'],
    ],
    [
      'items of an array',
      '{"type":"array","items":"int"}',
      '{"type":"array","items":"string"}',
      ['TYPE_MISMATCH /items'],
      ['TYPE_MISMATCH /items'],
    ],
    ['string and bytes', '"string"', '"bytes"', [], []],
    [
      'the namespace',
      '{"type":"record","name":"a.R","fields":[]}',
      '{"type":"record","name":"b.R","fields":[]}',
      [],
      [],
    ],
    [
      'the name',
      '{"type":"record","name":"R","fields":[]}',
      '{"type":"record","name":"S","fields":[]}',
      ['NAME_MISMATCH /name'],
      ['NAME_MISMATCH /name'],
    ],
    [
      'a field of a record that holds itself',
      '{"type":"record","name":"L","fields":[{"name":"n","type":["null","L"]}]}',
      '{"type":"record","name":"L","fields":[{"name":"n","type":["null","L"]},{"name":"x","type":"int"}]}',
      ['READER_FIELD_MISSING_DEFAULT_VALUE /fields/1'],
      [],
    ],
  ])('%s', (_, old, now, backward, forward) => check('AVRO', old, now, backward, forward));
});

describe('Protobuf', () => {
  const m = (body: string, head = ''): string => `syntax = "proto3"; ${head} message M { ${body} }`;
  const two = (body: string): string => `syntax = "proto2"; message M { ${body} }`;
  test.each<[string, string, string, readonly string[], readonly string[]]>([
    ['a field more', m('int32 a = 1;'), m('int32 a = 1; int32 b = 2;'), [], []],
    ['another name', m('int32 a = 1;'), m('int32 z = 1;'), [], []],
    ['a number of the same sort', m('int32 a = 1;'), m('uint64 a = 1;'), [], []],
    ['an enum for a number', m('int32 a = 1;'), m('E a = 1;', 'enum E { Z = 0; }'), [], []],
    ['string for bytes', m('string a = 1;'), m('bytes a = 1;'), [], []],
    [
      'another sort of number',
      m('int32 a = 1;'),
      m('sint32 a = 1;'),
      ['FIELD_SCALAR_KIND_CHANGED #/M/1'],
      ['FIELD_SCALAR_KIND_CHANGED #/M/1'],
    ],
    [
      'a message for a scalar',
      m('int32 a = 1;'),
      m('M a = 1;'),
      ['FIELD_KIND_CHANGED #/M/1'],
      ['FIELD_KIND_CHANGED #/M/1'],
    ],
    [
      'a map for a message',
      m('M a = 1;'),
      m('map<string, M> a = 1;'),
      ['FIELD_KIND_CHANGED #/M/1'],
      ['FIELD_KIND_CHANGED #/M/1'],
    ],
    [
      'the value of a map',
      m('map<string, int32> a = 1;'),
      m('map<string, string> a = 1;'),
      ['FIELD_SCALAR_KIND_CHANGED #/M/1'],
      ['FIELD_SCALAR_KIND_CHANGED #/M/1'],
    ],
    [
      'another message',
      m('N a = 1;', 'message N {} message O {}'),
      m('O a = 1;', 'message N {} message O {}'),
      ['FIELD_NAMED_TYPE_CHANGED #/M/1'],
      ['FIELD_NAMED_TYPE_CHANGED #/M/1'],
    ],
    [
      'numbers become a list',
      m('int32 a = 1;'),
      m('repeated int32 a = 1;'),
      ['FIELD_NUMERIC_LABEL_CHANGED #/M/1'],
      ['FIELD_NUMERIC_LABEL_CHANGED #/M/1'],
    ],
    ['strings become a list', m('string a = 1;'), m('repeated string a = 1;'), [], []],
    ['a message more', m(''), m('', 'message N {}'), [], ['MESSAGE_REMOVED #/N']],
    [
      'messages in another order',
      'syntax = "proto3"; message A {} message B {}',
      'syntax = "proto3"; message B {} message A {}',
      [],
      [],
    ],
    ['an enum less', m('', 'enum E { Z = 0; }'), m(''), [], []],
    [
      'the package',
      `syntax = "proto3"; package a; message M {}`,
      `syntax = "proto3"; package b; message M {}`,
      ['PACKAGE_CHANGED #/'],
      ['PACKAGE_CHANGED #/'],
    ],
    [
      'a required field more',
      two(''),
      two('required int32 a = 1;'),
      ['REQUIRED_FIELD_ADDED #/M/1'],
      ['REQUIRED_FIELD_REMOVED #/M/1'],
    ],
    [
      'a field of a oneof less',
      m('oneof o { int32 a = 1; int32 b = 2; }'),
      m('oneof o { int32 a = 1; }'),
      ['ONEOF_FIELD_REMOVED #/M/o/2'],
      [],
    ],
    ['one field into a new oneof', m('int32 a = 1;'), m('oneof o { int32 a = 1; int32 b = 2; }'), [], []],
    [
      'two fields into a oneof',
      m('int32 a = 1; int32 b = 2;'),
      m('oneof o { int32 a = 1; int32 b = 2; }'),
      ['MULTIPLE_FIELDS_MOVED_TO_ONEOF #/M/o'],
      [],
    ],
    [
      'a field into an old oneof',
      m('int32 a = 1; oneof o { int32 b = 2; }'),
      m('oneof o { int32 b = 2; int32 a = 1; }'),
      ['FIELD_MOVED_TO_EXISTING_ONEOF #/M/o'],
      [],
    ],
    [
      'a field of a nested message',
      m('message N { int32 a = 1; }'),
      m('message N { string a = 1; }'),
      ['FIELD_SCALAR_KIND_CHANGED #/M/N/1'],
      ['FIELD_SCALAR_KIND_CHANGED #/M/N/1'],
    ],
  ])('%s', (_, old, now, backward, forward) => check('PROTOBUF', old, now, backward, forward));

  test('a message that a reference brings is compared where it is used', () => {
    const text = 'syntax = "proto3"; import "n.proto"; message M { n.N n = 1; }';
    const ref = (body: string): ReferencedSchema[] => [
      { name: 'n.proto', text: `syntax = "proto3"; package n; message N { ${body} }` },
    ];
    const schema = (body: string) => parseSchema('PROTOBUF', text, { references: ref(body) });
    expect(
      schema('int32 a = 1;')
        .cannotRead(schema('string a = 1;'))
        .map((f) => f.rule),
    ).toEqual(['FIELD_SCALAR_KIND_CHANGED']);
    expect(schema('int32 a = 1; N n = 2;').cannotRead(schema('int32 a = 1;'))).toEqual([]);
  });
});

describe('JSON Schema', () => {
  const closed = (body: string): string => `{"type":"object","additionalProperties":false,${body}}`;
  const p = (properties: string, more = ''): string => `"properties":{${properties}}${more}`;
  const s = '"a":{"type":"string"}';
  test.each<[string, string, string, readonly string[], readonly string[]]>([
    [
      'a property more in a closed one',
      closed(p(s)),
      closed(p(`${s},"b":{"type":"integer"}`)),
      [],
      ['PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL #/properties/b'],
    ],
    [
      'a required property more in a closed one',
      closed(p(s)),
      closed(p(`${s},"b":{}`, ',"required":["b"]')),
      ['REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL #/properties/b'],
      ['PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL #/properties/b'],
    ],
    [
      'one with a default',
      closed(p(s)),
      closed(p(`${s},"b":{"default":1}`, ',"required":["b"]')),
      [],
      ['PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL #/properties/b'],
    ],
    [
      'a property more in an open one',
      `{"type":"object",${p(s)}}`,
      `{"type":"object",${p(`${s},"b":{"type":"integer"}`)}}`,
      ['PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/b'],
      [],
    ],
    ['one of any type', `{"type":"object",${p(s)}}`, `{"type":"object",${p(`${s},"b":{}`)}}`, [], []],
    [
      'it becomes required',
      `{"type":"object",${p(s)}}`,
      `{"type":"object",${p(s, ',"required":["a"]')}}`,
      ['REQUIRED_ATTRIBUTE_ADDED #/required/a'],
      [],
    ],
    [
      'it becomes closed',
      `{"type":"object",${p(s)}}`,
      closed(p(s)),
      ['ADDITIONAL_PROPERTIES_REMOVED #/additionalProperties'],
      [],
    ],
    [
      'others of a type',
      '{"type":"object"}',
      '{"type":"object","additionalProperties":{"type":"string"}}',
      ['ADDITIONAL_PROPERTIES_NARROWED #/additionalProperties'],
      [],
    ],
    [
      'a property that others cover',
      '{"type":"object","additionalProperties":{"type":"string"}}',
      `{"type":"object","additionalProperties":{"type":"string"},${p(s)}}`,
      [],
      [],
    ],
    [
      'one that they do not',
      '{"type":"object","additionalProperties":{"type":"string"}}',
      `{"type":"object","additionalProperties":{"type":"string"},${p('"a":{"type":"integer"}')}}`,
      [
        'TYPE_CHANGED #/properties/a',
        'PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/a',
      ],
      [
        'TYPE_CHANGED #/properties/a',
        'PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL #/properties/a',
      ],
    ],
    [
      'a pattern more in an open one',
      '{"type":"object"}',
      '{"type":"object","patternProperties":{"^a":{"type":"string"}}}',
      ['PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/patternProperties/^a'],
      [],
    ],
    [
      'a property that no pattern matches',
      '{"type":"object","patternProperties":{"^a":{"type":"string"}}}',
      '{"type":"object","patternProperties":{"^a":{"type":"string"}},"properties":{"b":{"type":"string"}}}',
      ['PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL #/properties/b'],
      [],
    ],
    [
      'a pattern less in a closed one',
      '{"type":"object","patternProperties":{"^a":{}},"additionalProperties":false}',
      '{"type":"object","additionalProperties":false}',
      ['PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL #/patternProperties/^a'],
      [],
    ],
    ['another type', '{"type":"string"}', '{"type":"integer"}', ['TYPE_CHANGED #'], ['TYPE_CHANGED #']],
    ['numbers for whole numbers', '{"type":"integer"}', '{"type":"number"}', [], ['TYPE_NARROWED #']],
    [
      'a longer text',
      '{"type":"string","maxLength":3}',
      '{"type":"string","maxLength":5}',
      [],
      ['MAX_LENGTH_DECREASED #/maxLength'],
    ],
    ['a bound', '{"type":"number"}', '{"type":"number","minimum":0}', ['MINIMUM_ADDED #/minimum'], []],
    [
      'a bound of draft 4',
      '{"type":"number","maximum":5}',
      '{"type":"number","maximum":5,"exclusiveMaximum":true}',
      ['EXCLUSIVE_MAXIMUM_ADDED #/exclusiveMaximum'],
      ['MAXIMUM_ADDED #/maximum'],
    ],
    [
      'a pattern',
      '{"type":"string","pattern":"a"}',
      '{"type":"string","pattern":"b"}',
      ['PATTERN_CHANGED #/pattern'],
      ['PATTERN_CHANGED #/pattern'],
    ],
    [
      'multiples',
      '{"type":"integer","multipleOf":4}',
      '{"type":"integer","multipleOf":2}',
      [],
      ['MULTIPLE_OF_EXPANDED #/multipleOf'],
    ],
    ['a value more', '{"enum":["a"]}', '{"enum":["a","b"]}', [], ['ENUM_ARRAY_NARROWED #']],
    [
      'other values',
      '{"enum":["a","c"]}',
      '{"enum":["a","b"]}',
      ['ENUM_ARRAY_CHANGED #'],
      ['ENUM_ARRAY_CHANGED #'],
    ],
    [
      'from values to their type',
      '{"type":"string","enum":["a","bb"]}',
      '{"type":"string"}',
      [],
      ['ENUM_ARRAY_NARROWED #'],
    ],
    [
      'from values to a type that one is not',
      '{"enum":["a","bb"]}',
      '{"type":"string","maxLength":1}',
      ['TYPE_CHANGED #'],
      ['ENUM_ARRAY_NARROWED #'],
    ],
    ['null too', '{"type":"string"}', '{"type":["null","string"]}', [], ['TYPE_CHANGED #']],
    [
      'one of several more',
      '{"oneOf":[{"type":"string"}]}',
      '{"oneOf":[{"type":"string"},{"type":"null"}]}',
      [],
      ['SUM_TYPE_NARROWED #'],
    ],
    [
      'any of for one of',
      '{"oneOf":[{"type":"string"},{"type":"null"}]}',
      '{"anyOf":[{"type":"string"},{"type":"null"}]}',
      [],
      ['COMBINED_TYPE_CHANGED #'],
    ],
    [
      'all of more',
      '{"allOf":[{"type":"string"}]}',
      '{"allOf":[{"type":"string"},{"maxLength":3}]}',
      ['PRODUCT_TYPE_EXTENDED #'],
      [],
    ],
    [
      'items',
      '{"type":"array","items":{"type":"string"}}',
      '{"type":"array","items":{"type":"integer"}}',
      ['TYPE_CHANGED #/items'],
      ['TYPE_CHANGED #/items'],
    ],
    [
      'unique items',
      '{"type":"array"}',
      '{"type":"array","uniqueItems":true}',
      ['UNIQUE_ITEMS_ADDED #/uniqueItems'],
      [],
    ],
    [
      'a place more in a closed list',
      '{"type":"array","items":[{}],"additionalItems":false}',
      '{"type":"array","items":[{},{"type":"string"}],"additionalItems":false}',
      [],
      ['ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL #/items/1'],
    ],
    [
      'a place more in an open list',
      '{"type":"array","prefixItems":[{}]}',
      '{"type":"array","prefixItems":[{},{"type":"string"}]}',
      ['ITEM_ADDED_TO_OPEN_CONTENT_MODEL #/items/1'],
      [],
    ],
    [
      'more is forbidden',
      '{"not":{"type":"string","maxLength":3}}',
      '{"not":{"type":"string"}}',
      ['NOT_TYPE_EXTENDED #/not'],
      [],
    ],
    [
      'a dependency',
      '{"type":"object"}',
      '{"type":"object","dependentRequired":{"a":["b"]}}',
      ['DEPENDENCY_ARRAY_ADDED #/dependencies/a'],
      [],
    ],
    [
      'behind a $ref',
      '{"$ref":"#/$defs/n","$defs":{"n":{"type":"string"}}}',
      '{"type":"integer"}',
      ['TYPE_CHANGED #'],
      ['TYPE_CHANGED #'],
    ],
    [
      'a $ref for what it says',
      '{"type":"string"}',
      '{"$ref":"#/$defs/n","$defs":{"n":{"type":"string"}}}',
      [],
      [],
    ],
    [
      'one that holds itself',
      '{"type":"object","properties":{"n":{"$ref":"#"}}}',
      '{"type":"object","properties":{"n":{"$ref":"#"}},"required":["n"]}',
      ['REQUIRED_ATTRIBUTE_ADDED #/required/n'],
      [],
    ],
    [
      'title and description',
      '{"type":"string","title":"a"}',
      '{"type":"string","title":"b","description":"c"}',
      [],
      [],
    ],
    ['anything', '{"type":"string"}', '{}', [], ['SCHEMA_ADDED #']],
    ['nothing', '{"type":"string"}', 'false', ['TYPE_CHANGED #'], []],
  ])('%s', (_, old, now, backward, forward) => check('JSON', old, now, backward, forward));
});

describe('levels', () => {
  const schemas = ['int', 'long', 'string'].map((type, i) => ({
    version: i + 1,
    schema: parseSchema('AVRO', type),
  }));
  const conflict = (level: Parameters<typeof conflictOf>[2]): number | undefined =>
    conflictOf(parseSchema('AVRO', '"bytes"'), schemas, level)?.version;

  test('not transitive: the latest alone; transitive: the newest that does not fit', () => {
    expect(conflict('BACKWARD')).toBeUndefined();
    expect(conflict('BACKWARD_TRANSITIVE')).toBe(2);
    expect(conflict('FULL_TRANSITIVE')).toBe(2);
    expect(conflict('NONE')).toBeUndefined();
    expect(conflictOf(parseSchema('AVRO', 'double'), schemas.slice(0, 2), 'FORWARD')?.version).toBe(2);
    expect(conflictOf(parseSchema('AVRO', 'double'), [], 'FULL')).toBeUndefined();
  });
  test('messages name the sides, and a fix that can be made', () => {
    const [old, now] = ['"int"', '["null","int"]'].map((text) => parseSchema('AVRO', text));
    const found = conflictOf(now!, [{ version: 4, schema: old! }], 'FULL')!;
    expect(conflictMessages(found)).toEqual([
      `{errorType:'TYPE_MISMATCH', description:'The type at path "/" is int in the old schema and null in the new schema. Keep int', additionalInfo:'reader type: INT not compatible with writer type: NULL'}`,
      '{oldSchemaVersion: 4}',
      `{oldSchema: '"int"'}`,
    ]);
  });
  test('every finding has a sentence and a fix for both sides', () => {
    const pairs: [SchemaType, string, string][] = [
      [
        'AVRO',
        '{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}',
        '{"type":"record","name":"S","fields":[]}',
      ],
      [
        'PROTOBUF',
        'syntax = "proto3"; message M { int32 a = 1; }',
        'syntax = "proto3"; message M { string a = 1; }',
      ],
      [
        'JSON',
        '{"type":"object","required":["a"],"properties":{"a":{}}}',
        '{"type":"object","properties":{"a":{}}}',
      ],
    ];
    for (const [type, reader, writer] of pairs)
      for (const found of parseSchema(type, reader).cannotRead(parseSchema(type, writer)))
        for (const [r, w] of Object.values(sides)) {
          expect(errorText(found, r, w)).toMatch(
            /^\{errorType:'\w+', description:'[^']+\. [^']+', additionalInfo:'[^']*'\}$/,
          );
          expect(found.fix(r, w)).not.toBe('');
        }
  });
});
