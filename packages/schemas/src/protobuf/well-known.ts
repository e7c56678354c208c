/* Files that every Protobuf compiler brings along, as far as schemas import them: they need no reference. Numbers and types
 * of their fields are those that protobuf.dev documents ("Protocol Buffers Well-Known Types"). */

const google = (body: string): string => `syntax = "proto3"; package google.protobuf; ${body}`;
const wrapper = (name: string, type: string): string => `message ${name}Value { ${type} value = 1; }`;

export const wellKnownFiles: ReadonlyMap<string, string> = new Map([
  ['google/protobuf/any.proto', google('message Any { string type_url = 1; bytes value = 2; }')],
  ['google/protobuf/duration.proto', google('message Duration { int64 seconds = 1; int32 nanos = 2; }')],
  ['google/protobuf/empty.proto', google('message Empty {}')],
  ['google/protobuf/field_mask.proto', google('message FieldMask { repeated string paths = 1; }')],
  ['google/protobuf/source_context.proto', google('message SourceContext { string file_name = 1; }')],
  ['google/protobuf/timestamp.proto', google('message Timestamp { int64 seconds = 1; int32 nanos = 2; }')],
  [
    'google/protobuf/struct.proto',
    google(`message Struct { map<string, Value> fields = 1; }
      message Value { oneof kind { NullValue null_value = 1; double number_value = 2; string string_value = 3;
        bool bool_value = 4; Struct struct_value = 5; ListValue list_value = 6; } }
      enum NullValue { NULL_VALUE = 0; } message ListValue { repeated Value values = 1; }`),
  ],
  [
    'google/protobuf/wrappers.proto',
    google(
      [
        ['Double', 'double'],
        ['Float', 'float'],
        ['Int64', 'int64'],
        ['UInt64', 'uint64'],
        ['Int32', 'int32'],
        ['UInt32', 'uint32'],
        ['Bool', 'bool'],
        ['String', 'string'],
        ['Bytes', 'bytes'],
      ]
        .map(([name, type]) => wrapper(name!, type!))
        .join(' '),
    ),
  ],
  // What it defines are the options themselves: files import it to extend them.
  [
    'google/protobuf/descriptor.proto',
    `syntax = "proto2"; package google.protobuf; ${[
      'FileOptions',
      'MessageOptions',
      'FieldOptions',
      'OneofOptions',
      'EnumOptions',
      'EnumValueOptions',
      'ServiceOptions',
      'MethodOptions',
      'ExtensionRangeOptions',
    ]
      .map((name) => `message ${name} { extensions 1000 to max; }`)
      .join(' ')}`,
  ],
  [
    'google/type/date.proto',
    'syntax = "proto3"; package google.type; message Date { int32 year = 1; int32 month = 2; int32 day = 3; }',
  ],
  [
    'google/type/timeofday.proto',
    'syntax = "proto3"; package google.type; message TimeOfDay { int32 hours = 1; int32 minutes = 2; int32 seconds = 3; int32 nanos = 4; }',
  ],
  [
    'google/type/money.proto',
    'syntax = "proto3"; package google.type; message Money { string currency_code = 1; int64 units = 2; int32 nanos = 3; }',
  ],
  [
    'google/type/latlng.proto',
    'syntax = "proto3"; package google.type; message LatLng { double latitude = 1; double longitude = 2; }',
  ],
  [
    'confluent/type/decimal.proto',
    'syntax = "proto3"; package confluent.type; message Decimal { bytes value = 1; uint32 precision = 2; int32 scale = 3; }',
  ],
  [
    'confluent/meta.proto',
    `syntax = "proto3"; package confluent; import "google/protobuf/descriptor.proto";
      message Meta { string doc = 1; map<string, string> params = 2; repeated string tags = 3; }
      extend google.protobuf.FileOptions { Meta file_meta = 1088; }
      extend google.protobuf.MessageOptions { Meta message_meta = 1088; }
      extend google.protobuf.FieldOptions { Meta field_meta = 1088; }
      extend google.protobuf.EnumOptions { Meta enum_meta = 1088; }
      extend google.protobuf.EnumValueOptions { Meta enum_value_meta = 1088; }`,
  ],
]);
