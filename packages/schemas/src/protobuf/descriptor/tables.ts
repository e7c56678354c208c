/* Numbers of descriptor.proto that both directions share: scalar types, labels, and the options that every compiler knows
 * (protobuf.dev, "descriptor.proto"). */

/** By the number of FieldDescriptorProto.Type. */
export const typeNumbers: ReadonlyMap<string, number> = new Map([
  ['double', 1],
  ['float', 2],
  ['int64', 3],
  ['uint64', 4],
  ['int32', 5],
  ['fixed64', 6],
  ['fixed32', 7],
  ['bool', 8],
  ['string', 9],
  ['bytes', 12],
  ['uint32', 13],
  ['sfixed32', 15],
  ['sfixed64', 16],
  ['sint32', 17],
  ['sint64', 18],
]);
export const scalarNames: ReadonlyMap<number, string> = new Map(
  [...typeNumbers].map(([name, number]) => [number, name]),
);
export const typeOf = { group: 10, message: 11, enum: 14 } as const;
export const labelNumbers = { optional: 1, required: 2, repeated: 3 } as const;

/** Editions by their year. */
export const editionNumbers: ReadonlyMap<string, number> = new Map([
  ['2023', 1000],
  ['2024', 1001],
]);

/** What an option holds: a string, a flag, or one of these words by its number. */
export type OptionType = 'text' | 'flag' | readonly string[];
export interface KnownOption {
  readonly number: number;
  readonly type: OptionType;
}
type Table = ReadonlyMap<string, KnownOption>;
const table = (rows: readonly (readonly [string, number, OptionType])[]): Table =>
  new Map(rows.map(([name, number, type]) => [name, { number, type }]));

export const knownOptions = {
  file: table([
    ['java_package', 1, 'text'],
    ['java_outer_classname', 8, 'text'],
    ['optimize_for', 9, ['', 'SPEED', 'CODE_SIZE', 'LITE_RUNTIME']],
    ['java_multiple_files', 10, 'flag'],
    ['go_package', 11, 'text'],
    ['cc_generic_services', 16, 'flag'],
    ['java_generic_services', 17, 'flag'],
    ['py_generic_services', 18, 'flag'],
    ['java_generate_equals_and_hash', 20, 'flag'],
    ['deprecated', 23, 'flag'],
    ['java_string_check_utf8', 27, 'flag'],
    ['cc_enable_arenas', 31, 'flag'],
    ['objc_class_prefix', 36, 'text'],
    ['csharp_namespace', 37, 'text'],
    ['swift_prefix', 39, 'text'],
    ['php_class_prefix', 40, 'text'],
    ['php_namespace', 41, 'text'],
    ['php_metadata_namespace', 44, 'text'],
    ['ruby_package', 45, 'text'],
  ]),
  message: table([
    ['message_set_wire_format', 1, 'flag'],
    ['no_standard_descriptor_accessor', 2, 'flag'],
    ['deprecated', 3, 'flag'],
    ['map_entry', 7, 'flag'],
  ]),
  field: table([
    ['ctype', 1, ['STRING', 'CORD', 'STRING_PIECE']],
    ['packed', 2, 'flag'],
    ['deprecated', 3, 'flag'],
    ['lazy', 5, 'flag'],
    ['jstype', 6, ['JS_NORMAL', 'JS_STRING', 'JS_NUMBER']],
    ['weak', 10, 'flag'],
    ['unverified_lazy', 15, 'flag'],
  ]),
  oneof: table([]),
  enum: table([
    ['allow_alias', 2, 'flag'],
    ['deprecated', 3, 'flag'],
  ]),
  constant: table([['deprecated', 1, 'flag']]),
  service: table([['deprecated', 33, 'flag']]),
  method: table([
    ['deprecated', 33, 'flag'],
    ['idempotency_level', 34, ['IDEMPOTENCY_UNKNOWN', 'NO_SIDE_EFFECTS', 'IDEMPOTENT']],
  ]),
} as const satisfies Record<string, Table>;
export type OptionPlace = keyof typeof knownOptions;

/** camelCase of a field's name: its name in JSON, unless it has another (protobuf.dev, "ProtoJSON Format"). */
export const jsonNameOf = (name: string): string =>
  name.replace(/_+(.?)/g, (_, next: string) => next.toUpperCase());
/** Of the message that stands behind a map: its name is made of the field's. */
export const entryNameOf = (name: string): string =>
  `${name.replace(/(?:^|_+)(.?)/g, (_, next: string) => next.toUpperCase())}Entry`;
