/* The options of the protobuf format, as Flink 2.3 has them, and where its messages are defined. */

import type { OptionSpec } from '#catalog';

export const protobufOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'message-class-name',
    type: 'string',
    required: true,
    doc: "The message: its name in the .proto file, or the name of Flink's Java class for it, as com.example.Shop$Order.",
  },
  {
    key: 'schema-file',
    type: 'string',
    required: true,
    doc: 'The .proto file that defines the message (not an option of Flink, where a Java class does). Imports are looked for beside it and in the folders above.',
  },
  {
    key: 'ignore-parse-errors',
    type: 'boolean',
    default: 'false',
    doc: 'Skip a record that is no such message; else fail.',
  },
  {
    key: 'read-default-values',
    type: 'boolean',
    default: 'false',
    doc: 'Read a field that is not there as its default, a list or map as empty; else as NULL, where the message can tell.',
  },
  {
    key: 'write-null-string-literal',
    type: 'string',
    default: '',
    doc: 'What is written for a NULL string in a list or map.',
  },
];
