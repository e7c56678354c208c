/* Texts of schemas: what is stored, and what is no schema and why. */

import { describe, expect, test } from 'vitest';
import { UserError } from '#base';
import {
  fingerprint,
  parseAvro,
  parseJson,
  parseSchema,
  printJson,
  rabinFingerprint,
  type SchemaType,
} from '#schemas';

const stored = (type: SchemaType, text: string): string => parseSchema(type, text).text;
const normal = (type: SchemaType, text: string): string => parseSchema(type, text).normalText;

describe('JSON', () => {
  test.each([
    '{"b":1,"a":[true,false,null],"2":"x","1":{}}',
    '[1.50,-0,12345678901234567890,1E+2]',
    '"é😀\\u0001\\n\\"\\\\/"',
    '{"__proto__":1,"constructor":2}',
  ])('%s comes back as it was', (text) => {
    expect(printJson(parseJson(text))).toBe(text);
  });
  test.each([
    ['{"a":1,}', 1, 8, 'the name of a member'],
    ['{"a" 1}', 1, 6, '":"'],
    ['[1 2]', 1, 4, '"," or "]"'],
    ['"a\nb"', 1, 3, 'the end of a string'],
    ['{\n  "a": tru\n}', 2, 8, 'a value'],
    ['01', 1, 2, 'the end'],
    ['', 1, 1, 'a value'],
  ])('%j is none, with the place', (text, line, column, expected) => {
    const error = thrown(() => parseJson(text));
    expect([error.code, error.at?.line, error.at?.column]).toEqual(['SCH1001', line, column]);
    expect(error.message).toContain(`expected ${expected}`);
  });
  test('what is nested too deeply is refused, not a stack that overflows', () => {
    expect(thrown(() => parseJson('['.repeat(100_000))).code).toBe('SCH1001');
  });
});
function thrown(work: () => unknown): UserError {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('Avro', () => {
  test('is stored as Java writes it: attributes in its order, namespaces where they change', () => {
    const text = `{"fields": [{"type": {"type": "enum", "symbols": ["A"], "name": "E", "namespace": "other"}, "name": "e"},
      {"name": "again", "type": "other.E", "default": "A", "doc": "d"}], "doc": "x", "namespace": "n", "name": "R", "type": "record"}`;
    expect(stored('AVRO', text)).toBe(
      '{"type":"record","name":"R","namespace":"n","doc":"x","fields":[{"name":"e","type":{"type":"enum","name":"E","namespace":"other","symbols":["A"]}},{"name":"again","type":"other.E","doc":"d","default":"A"}]}',
    );
  });
  test('a bare name is a schema', () => {
    expect([stored('AVRO', 'string'), stored('AVRO', '{"type":"int"}')]).toEqual(['"string"', '"int"']);
  });
  test('a type may hold itself', () => {
    const text = '{"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]}';
    expect(stored('AVRO', text)).toBe(text);
  });
  test('the normal form is equal for attributes in another order', () => {
    const a = '{"type":"record","name":"R","namespace":"n","fields":[],"x":{"b":1,"a":2},"a":1}';
    const b = '{"a":1,"x":{"a":2,"b":1},"name":"n.R","type":"record","fields":[]}';
    expect(normal('AVRO', a)).toBe(normal('AVRO', b));
  });
  test('fingerprints are those of the specification', () => {
    // The two that the specification's own test vectors begin with.
    expect(rabinFingerprint(parseAvro('"null"'))).toBe('63dd24e7cc258f8a');
    expect(fingerprint(parseAvro('"int"'), 'md5')).toBe('ef524ea1b91e73173d938ade36c1db32');
  });
  test.each([
    ['{"type":"record","name":"R"}', 'SCH1002', '"fields" is nothing, expected an array'],
    ['{"type":"record","fields":[]}', 'SCH1002', '"name" is nothing'],
    ['{"type":"record","name":"R","fields":[{"name":"a"}]}', 'SCH1002', 'the field "a" has no type'],
    ['{"type":"record","name":"1R","fields":[]}', 'SCH1002', '"1R" is no name'],
    [
      '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}',
      'SCH1002',
      'two fields "a"',
    ],
    ['{"type":"enum","name":"E","symbols":["A","A"]}', 'SCH1002', 'the symbol "A" is there twice'],
    [
      '{"type":"enum","name":"E","symbols":["A"],"default":"B"}',
      'SCH1002',
      'the default "B" is none of the symbols',
    ],
    ['{"type":"fixed","name":"F","size":-1}', 'SCH1002', 'the size of "F" is the number -1'],
    ['["int","int"]', 'SCH1002', 'the union holds "int" twice'],
    ['["int",["null"]]', 'SCH1002', 'a union may not hold a union'],
    [
      '{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":2147483648}]}',
      'SCH1002',
      'out of range',
    ],
    [
      '{"type":"record","name":"R","fields":[{"name":"a","type":"int","order":"up"}]}',
      'SCH1002',
      'expected ascending, descending or ignore',
    ],
    ['{"type":"array"}', 'SCH1002', 'at /items: found nothing, expected a type'],
    ['5', 'SCH1002', 'found the number 5, expected a type'],
  ])('%s is refused', (text, code, message) => {
    const error = thrown(() => parseSchema('AVRO', text, { isNew: true }));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
  test('a default that does not fit is let through in what is not new', () => {
    const text = '{"type":"record","name":"R","fields":[{"name":"a","type":"int","default":"x"}]}';
    expect(stored('AVRO', text)).toBe(text);
  });
});

describe('Protobuf', () => {
  test('is stored in the layout of the registry', () => {
    const text = `// A comment.
      syntax = "proto3"; package a.b; import "google/protobuf/empty.proto"; import public "google/protobuf/any.proto";
      option java_package = 'com.\\x61'; option (custom).deep = { list: [1, "x"] inner < a: true > };
      message M { option deprecated = true; reserved 9, 11 to max; reserved "old", 'older';
        enum E { option allow_alias = true; Z = 0; A = 1; B = 1 [deprecated = true]; }
        repeated .a.b.M list = 1 [json_name = "l", deprecated = true]; map<int32, E> m = 2; optional bytes b = 3;
        oneof o { string s = 4; int64 message = 5; }
        message Inner {} }
      service S { option deprecated = true; rpc Call(M) returns (stream M); rpc Other (stream M) returns (google.protobuf.Empty) { option deprecated = true; } }
      extend M { }`;
    expect(stored('PROTOBUF', text)).toBe(`syntax = "proto3";
package a.b;

import "google/protobuf/empty.proto";
import public "google/protobuf/any.proto";

option java_package = "com.a";
option (custom).deep = {
  list: [
    1,
    "x"
  ],
  inner: {
    a: true
  }
};

message M {
  reserved 9, 11 to 536870911;
  reserved "old", "older";

  option deprecated = true;

  repeated .a.b.M list = 1 [
    deprecated = true,
    json_name = "l"
  ];
  map<int32, E> m = 2;
  optional bytes b = 3;

  oneof o {
    string s = 4;
    int64 message = 5;
  }

  message Inner {}
  enum E {
    option allow_alias = true;
    Z = 0;
    A = 1;
    B = 1 [deprecated = true];
  }
}

extend M {}

service S {
  option deprecated = true;

  rpc Call (M) returns (stream M);
  rpc Other (stream M) returns (google.protobuf.Empty) {
    option deprecated = true;
  };
}
`);
  });
  test.each([
    'syntax = "proto2";\n\nmessage A {\n  required string a = 1;\n  optional int32 b = 2 [default = -5];\n\n  optional group G = 3 {\n    optional int32 x = 1;\n  }\n\n  extensions 100 to 199;\n}\n',
    'edition = "2023";\n\noption features.field_presence = IMPLICIT;\n\nmessage A {\n  string a = 1 [features.field_presence = EXPLICIT];\n}\n',
  ])('%s stays', (text) => {
    expect(stored('PROTOBUF', text)).toBe(text);
  });
  test('what was stored, parsed again, is the same', () => {
    const once = stored(
      'PROTOBUF',
      'syntax = "proto3"; message A { message B { A a = 1; } repeated B b = 2; }',
    );
    expect(stored('PROTOBUF', once)).toBe(once);
  });
  test('through a descriptor and back: the same, but that types are named in full', () => {
    const text = `syntax = "proto3"; package p; import "google/protobuf/timestamp.proto";
      message A { reserved 7, 9 to 11; reserved "gone"; message B { int32 n = 1; } enum E { Z = 0; MINUS = -1; }
        B b = 1; map<string, B> m = 2; optional int32 o = 3; oneof one { string s = 4; E e = 5; } repeated sfixed64 r = 6 [packed = false];
        google.protobuf.Timestamp t = 8; }
      service S { rpc Go (A) returns (stream A.B); }`;
    const schema = parseSchema('PROTOBUF', text);
    const again = parseSchema('PROTOBUF', schema.formatted('serialized'));
    expect(again.normalText).toBe(schema.normalText);
    expect(again.text).toContain('.p.A.B b = 1;');
    const proto2 = parseSchema(
      'PROTOBUF',
      'message A { required string a = 1 [default = "x"]; optional group G = 3 { optional bool y = 1; } extensions 100 to 199; }',
    );
    expect(parseSchema('PROTOBUF', proto2.formatted('serialized')).normalText).toBe(proto2.normalText);
  });
  test('the normal form sorts what has no order', () => {
    const a =
      'syntax = "proto3"; option b = 1; option a = 2; message M { int32 y = 2; int32 x = 1; reserved 8, 5; }';
    const b =
      'syntax = "proto3"; option a = 2; option b = 1; message M { reserved 5; int32 x = 1; reserved 8; int32 y = 2; }';
    expect(normal('PROTOBUF', a)).toBe(normal('PROTOBUF', b));
  });
  test.each([
    ['syntax = "proto4";', 'SCH1003', 'the syntax is "proto4"'],
    ['message A {', 'SCH1003', 'found the end'],
    ['message A { int32 a = 1; }', 'SCH1003', 'the field "a" has no label'],
    ['syntax = "proto3"; message A { required int32 a = 1; }', 'SCH1003', 'proto3 has no required fields'],
    ['syntax = "proto3"; message A { int32 a = 19500; }', 'SCH1003', 'which Protobuf keeps for itself'],
    [
      'syntax = "proto3"; message A { int32 a = 1; int32 a = 2; }',
      'SCH1003',
      'field of "A" "a" is there twice',
    ],
    ['syntax = "proto3"; message A { reserved 1; int32 a = 1; }', 'SCH1003', 'is reserved'],
    ['syntax = "proto3"; enum E { A = 1; }', 'SCH1003', 'begins with 1, expected 0 in proto3'],
    ['syntax = "proto3"; enum E { A = 0; B = 0; }', 'SCH1003', 'number of a constant "0" is there twice'],
    ['syntax = "proto3"; message A { map<float, int32> m = 1; }', 'SCH1003', 'the key of a map is float'],
    ['syntax = "proto3"; message A { B b = 1; }', 'SCH1005', 'there is no type "B" (in A)'],
    ['syntax = "proto3"; import "x.proto";', 'SCH1005', 'the import "x.proto" is not among the references'],
    ['syntax = "proto3"; message A { oneof o { } }', 'SCH1003', 'the oneof "o" has no fields'],
    ['syntax = "proto3"; message A { string s = 1 [default = ; }', 'SCH1003', 'expected a value'],
    ['syntax = "proto3"; message A { string s = "1"; }', 'SCH1003', 'expected the number of a field'],
    ['syntax = "proto3"; message A { float f = 1 [packed = true]; }', 'SCH1003', '"f" is packed'],
    ['syntax = "proto3"; message A { repeated string s = 1 [packed = true]; }', 'SCH1003', '"s" is packed'],
    ['syntax = "proto3"; §', 'SCH1003', 'found "§"'],
  ])('%s is refused', (text, code, message) => {
    const error = thrown(() => parseSchema('PROTOBUF', text));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});

describe('JSON Schema', () => {
  test('is stored without spaces, members as they came', () => {
    expect(stored('JSON', '{ "type": "object",\n "1": 2, "title": "T" }')).toBe(
      '{"type":"object","1":2,"title":"T"}',
    );
    expect(normal('JSON', '{"type":"object","title":"T"}')).toBe('{"title":"T","type":"object"}');
    expect([stored('JSON', 'true'), stored('JSON', ' false ')]).toEqual(['true', 'false']);
  });
  test.each([
    ['{"type":"strin"}', 'SCH1004', 'at #/type: found the string "strin"'],
    ['{"properties":[]}', 'SCH1004', 'at #/properties: found an array'],
    ['{"properties":{"a":5}}', 'SCH1004', 'at #/properties/a: found the number 5'],
    ['{"required":"a"}', 'SCH1004', 'expected an array of strings'],
    ['{"minLength":-1}', 'SCH1004', 'expected a whole number'],
    ['{"pattern":"("}', 'SCH1004', 'is no regular expression'],
    ['{"allOf":[]}', 'SCH1004', 'expected an array of schemas'],
    ['{"$ref":"#/definitions/a"}', 'SCH1005', 'the $ref "#/definitions/a" leads nowhere'],
    ['{"items":{"$ref":"other.json"}}', 'SCH1005', 'is not among the references'],
    ['[]', 'SCH1004', 'found an array, expected an object, true or false'],
  ])('%s is refused', (text, code, message) => {
    const error = thrown(() => parseSchema('JSON', text));
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
  test('a $ref may lead to an $id, an anchor, a reference', () => {
    const text =
      '{"$id":"http://x/root.json","$defs":{"a":{"$id":"a.json","type":"string"},"b":{"$anchor":"here","type":"string"}},"items":[{"$ref":"a.json"},{"$ref":"#here"},{"$ref":"http://x/root.json#/$defs/a"},{"$ref":"other.json#/definitions/n"},{"$ref":"http://json-schema.org/draft-07/schema#"}]}';
    const references = [{ name: 'http://x/other.json', text: '{"definitions":{"n":{"type":"integer"}}}' }];
    expect(parseSchema('JSON', text, { references }).type).toBe('JSON');
  });
});

test('a type that there is not', () => {
  expect(thrown(() => parseSchema('AVROO', '{}'))).toMatchObject({
    code: 'SCH1006',
    hint: 'Did you mean "AVRO"?',
  });
});
