/* Cases of the change formats: messages that are read, and changes that are written. Flink's answers stand in
 * change-formats.json; tools/conformance/change-formats.ts asks for them. */

export interface Otherwise {
  readonly why: string;
  readonly lines?: readonly string[];
}
export interface ReadCase {
  readonly name: string;
  readonly format: string;
  readonly columns: string;
  readonly set?: Readonly<Record<string, string>>;
  readonly messages: readonly string[];
  /** Metadata columns, from a topic instead of a file: name, key and type. */
  readonly metadata?: readonly (readonly [string, string, string])[];
  /** Where we answer otherwise on purpose: why, and our changes; none: the message is malformed. */
  readonly differs?: Otherwise;
}
export interface WriteCase {
  readonly name: string;
  readonly format: string;
  readonly set?: Readonly<Record<string, string>>;
}
export interface ChangeAnswer {
  readonly name: string;
  /** Changes as text, or lines that were written. */
  readonly lines?: readonly string[];
  readonly error?: string;
}

const plain = 'id INT, s STRING, d DECIMAL(10, 2)';
const skip = { 'ignore-parse-errors': 'true' };
const a = '{"id":1,"s":"a","d":1.5}';
const b = '{"id":1,"s":"b","d":1.50}';

type Short = readonly [
  name: string,
  messages: readonly string[],
  set?: Readonly<Record<string, string>> | undefined,
  differs?: Otherwise,
];
const of = (format: string, shorts: readonly Short[], columns = plain): ReadCase[] =>
  shorts.map(([name, messages, set, differs]) => ({
    name: `${format}: ${name}`,
    format,
    columns,
    messages,
    ...(set !== undefined && { set }),
    ...(differs !== undefined && { differs }),
  }));

const envelope = (inner: string): string => `{"schema":{"type":"struct","n":1.50},"payload":${inner}}`;

/** Formats with the row before and the row after: the same cases under other names. */
const beforeAfter = (format: string, op: string, [c, u, d]: readonly string[]): ReadCase[] =>
  of(format, [
    ['insert', [`{"before":null,"after":${a},"${op}":"${c}"}`, `{"after":${a},"${op}":"${c}"}`]],
    ['insert, other members and order', [`{"x":[1,{"y":2}],"${op}":"${c}","after":${a},"before":${b}}`]],
    ['update', [`{"before":${a},"after":${b},"${op}":"${u}"}`]],
    ['update, before null', [`{"before":null,"after":${b},"${op}":"${u}"}`]],
    ['update, no before', [`{"after":${b},"${op}":"${u}"}`]],
    ['update, after null', [`{"before":${b},"after":null,"${op}":"${u}"}`]],
    ['delete', [`{"before":${a},"after":null,"${op}":"${d}"}`, `{"before":${a},"${op}":"${d}"}`]],
    ['delete, before null', [`{"before":null,"after":${a},"${op}":"${d}"}`]],
    ['insert, after null', [`{"before":${a},"after":null,"${op}":"${c}"}`]],
    ['unknown op', [`{"before":${a},"after":${a},"${op}":"x"}`]],
    ['op in the other case', [`{"after":${a},"${op}":"${c === 'c' ? 'C' : 'i'}"}`]],
    ['no op', [`{"before":${a},"after":${a}}`]],
    ['op null', [`{"before":${a},"after":${a},"${op}":null}`]],
    ['truncate', [`{"before":null,"after":null,"${op}":"${op === 'op' ? 't' : 'T'}"}`]],
    ['empty lines', ['', `{"after":${a},"${op}":"${c}"}`, '']],
    ['cells missing, null, of other types', [`{"after":{"id":"7","s":1.50,"more":1},"${op}":"${c}"}`]],
    ['a cell that does not fit', [`{"after":{"id":"q","s":"a"},"${op}":"${c}"}`]],
    ['a cell that does not fit, ignored', [`{"after":{"id":"q","s":"a"},"${op}":"${c}"}`], skip],
    ['no JSON', [`{"after":`]],
    [
      'an array',
      [`[{"after":${a},"${op}":"${c}"}]`],
      undefined,
      { why: 'a message is one object; Flink takes an array of one too' },
    ],
    ['null', ['null']],
    ['after is no object', [`{"after":3,"${op}":"${c}"}`]],
    [
      'what cannot be read is skipped',
      [
        'null',
        '7',
        '{',
        '{}',
        `{"after":3,"${op}":"${c}"}`,
        `{"before":null,"after":${b},"${op}":"${u}"}`,
        `{"after":${a},"${op}":"x"}`,
        `{"after":${a}}`,
        `{"after":${a},"${op}":"${c}"}`,
      ],
      skip,
    ],
    ['members twice', [`{"after":${a},"${op}":"${d}","after":${b},"${op}":"${c}"}`]],
  ]);

const debezium: ReadCase[] = [
  ...beforeAfter('debezium-json', 'op', ['c', 'u', 'd']),
  ...of('debezium-json', [
    ['snapshot read', [`{"before":null,"after":${a},"op":"r"}`]],
    [
      'schema included',
      [envelope(`{"before":${a},"after":${b},"op":"u"}`), envelope(`{"after":${a},"op":"c"}`)],
      { 'schema-include': 'true' },
    ],
    ['schema expected, none there', [`{"before":null,"after":${a},"op":"c"}`], { 'schema-include': 'true' }],
    ['payload null', [`{"schema":null,"payload":null}`], { 'schema-include': 'true' }],
    ['schema not expected', [envelope(`{"after":${a},"op":"c"}`)]],
  ]),
  ...of(
    'debezium-json',
    [
      [
        'timestamps ISO',
        ['{"after":{"t":"2024-01-02T03:04:05.678","z":"2024-01-02T03:04:05.678Z"},"op":"c"}'],
        { 'timestamp-format.standard': 'ISO-8601' },
      ],
      [
        'timestamps SQL',
        ['{"after":{"t":"2024-01-02 03:04:05.678","z":"2024-01-02 03:04:05.678Z"},"op":"c"}'],
      ],
      ['timestamps of the other form', ['{"after":{"t":"2024-01-02T03:04:05.678"},"op":"c"}']],
    ],
    't TIMESTAMP(3), z TIMESTAMP_LTZ(3)',
  ),
  ...of(
    'debezium-json',
    [
      [
        'nested',
        [
          '{"before":{"r":{"x":1},"l":[1,null],"m":{"k":null}},"after":{"r":{"x":2,"y":"z"},"l":[],"m":{}},"op":"u"}',
        ],
      ],
    ],
    'r ROW<x INT, y STRING>, l ARRAY<INT>, m MAP<STRING, INT>',
  ),
];

const canalRow = (type: string, data: string, old = 'null', more = ''): string =>
  `{"data":${data},"old":${old},"type":"${type}"${more}}`;
const canal: ReadCase[] = of('canal-json', [
  ['insert of several', [canalRow('INSERT', `[${a},${b}]`)]],
  ['insert of none', [canalRow('INSERT', '[]')]],
  ['update', [canalRow('UPDATE', `[${b}]`, '[{"s":"a"}]')]],
  ['update of several', [canalRow('UPDATE', `[${a},${b}]`, '[{"s":"x"},{"s":"y"}]')]],
  ['update, old null in a cell', [canalRow('UPDATE', `[${b}]`, '[{"s":null}]')]],
  ['update, old empty', [canalRow('UPDATE', `[${b}]`, '[{}]')]],
  ['update, no old', [canalRow('UPDATE', `[${b}]`)]],
  ['update, fewer old', [canalRow('UPDATE', `[${a},${b}]`, '[{"s":"x"}]')]],
  ['update, more old', [canalRow('UPDATE', `[${a}]`, '[{"s":"x"},{"s":"y"}]')]],
  [
    'update of several, other cells each',
    [canalRow('UPDATE', `[${a},${b}]`, '[{"s":"x"},{"d":9}]')],
    undefined,
    {
      why: 'a cell of an old row that is not there is unchanged; Flink makes it NULL when another row of the message has it',
      lines: ['-U[1, x, 1.50]', '+U[1, a, 1.50]', '-U[1, b, 9.00]', '+U[1, b, 1.50]'],
    },
  ],
  ['delete of several', [canalRow('DELETE', `[${a},${b}]`)]],
  ['data null', [canalRow('INSERT', 'null')]],
  ['a row that is null', [canalRow('INSERT', `[null,${a}]`)]],
  ['CREATE', [canalRow('CREATE', 'null', 'null', ',"isDdl":true,"sql":"create table x (id int)"')]],
  ['ALTER', [canalRow('ALTER', 'null', 'null', ',"isDdl":true')]],
  ['QUERY', [canalRow('QUERY', 'null', 'null', ',"isDdl":true')]],
  ['ALTER, skipped', [canalRow('ALTER', 'null'), canalRow('INSERT', `[${a}]`)], skip],
  ['type in lower case', [canalRow('insert', `[${a}]`)]],
  ['no type', [`{"data":[${a}]}`]],
  ['data is an object', [canalRow('INSERT', a)]],
  ['empty lines', ['', canalRow('INSERT', `[${a}]`)]],
  ['cells as text', [canalRow('INSERT', '[{"id":"5","s":"x","d":"2.25"}]')]],
  [
    'one table of several',
    [
      canalRow('INSERT', `[${a}]`, 'null', ',"database":"db1","table":"t1"'),
      canalRow('INSERT', `[${b}]`, 'null', ',"database":"db2","table":"t1"'),
      canalRow('INSERT', '[{"id":"other"}]', 'null', ',"database":"db1","table":"t2"'),
      canalRow('INSERT', `[${b}]`, 'null', ',"database":"db1","table":"t10"'),
    ],
    { 'database.include': 'db1', 'table.include': 't1.?' },
  ],
  ['database.include, none there', [canalRow('INSERT', `[${a}]`)], { 'database.include': 'db1' }],
  [
    'database.include, null',
    [canalRow('INSERT', `[${a}]`, 'null', ',"database":null')],
    { 'database.include': 'db1' },
  ],
]);

const maxwell: ReadCase[] = of('maxwell-json', [
  ['insert', [`{"database":"x","data":${a},"type":"insert"}`]],
  ['update', [`{"data":${b},"old":{"s":"a"},"type":"update"}`]],
  ['update, old null in a cell', [`{"data":${b},"old":{"s":null},"type":"update"}`]],
  ['update, no old', [`{"data":${b},"type":"update"}`]],
  ['update, old empty', [`{"data":${b},"old":{},"type":"update"}`]],
  ['delete', [`{"data":${a},"old":null,"type":"delete"}`]],
  ['data null', [`{"data":null,"type":"insert"}`]],
  ['bootstrap', [`{"data":{},"type":"bootstrap-start"}`]],
  ['bootstrap-insert', [`{"data":${a},"type":"bootstrap-insert"}`]],
  ['table-create', [`{"type":"table-create","sql":"create table x (id int)"}`]],
  ['unknown, skipped', [`{"type":"table-create"}`, `{"data":${a},"type":"insert"}`], skip],
  ['type in upper case', [`{"data":${a},"type":"INSERT"}`]],
  ['no type', [`{"data":${a}}`]],
]);

type Meta = readonly (readonly [string, string, string])[];
const withMetadata = (
  format: string,
  messages: readonly string[],
  metadata: Meta,
  set?: ReadCase['set'],
  differs?: Otherwise,
): ReadCase => ({
  name: `${format}: metadata${set === undefined ? '' : ` ${JSON.stringify(set)}`}`,
  format,
  columns: 'id INT',
  messages,
  metadata,
  ...(set !== undefined && { set }),
  ...(differs !== undefined && { differs }),
});
const debeziumMetadata: Meta = [
  ['m1', 'schema', 'STRING'],
  ['m2', 'ingestion-timestamp', 'TIMESTAMP_LTZ(3)'],
  ['m3', 'source.timestamp', 'TIMESTAMP_LTZ(3)'],
  ['m4', 'source.database', 'STRING'],
  ['m5', 'source.schema', 'STRING'],
  ['m6', 'source.table', 'STRING'],
  ['m7', 'source.properties', 'MAP<STRING, STRING>'],
];
const debeziumMessage =
  '{"before":{"id":1},"after":{"id":2},"source":{"version":"2.7","ts_ms":1700000000123,"db":"inv","schema":"public","table":"p","snapshot":false,"lsn":null},"op":"u","ts_ms":1700000001456}';
const bare = '{"after":{"id":3},"op":"c"}';
const metadata: ReadCase[] = [
  withMetadata('debezium-json', [debeziumMessage, bare], debeziumMetadata),
  withMetadata(
    'debezium-json',
    [envelope(debeziumMessage), envelope(bare), `{"payload":${bare}}`],
    debeziumMetadata,
    { 'schema-include': 'true' },
  ),
  withMetadata(
    'canal-json',
    [
      '{"data":[{"id":1},{"id":2}],"old":null,"type":"INSERT","database":"inv","table":"p","es":1589373560000,"ts":1589373560798,"pkNames":["id","x"],"sqlType":{"id":4,"name":12}}',
      '{"data":[{"id":1}],"type":"DELETE"}',
    ],
    [
      ['m1', 'database', 'STRING'],
      ['m2', 'table', 'STRING'],
      ['m3', 'sql-type', 'MAP<STRING, INT>'],
      ['m4', 'pk-names', 'ARRAY<STRING>'],
      ['m5', 'ingestion-timestamp', 'TIMESTAMP_LTZ(3)'],
      ['m6', 'event-timestamp', 'TIMESTAMP_LTZ(3)'],
    ],
  ),
  withMetadata(
    'maxwell-json',
    [
      '{"database":"inv","table":"p","type":"update","ts":1596684904,"primary_key_columns":["id"],"data":{"id":2},"old":{"id":1}}',
      '{"type":"delete","data":{"id":2}}',
    ],
    [
      ['m1', 'database', 'STRING'],
      ['m2', 'table', 'STRING'],
      ['m3', 'primary-key-columns', 'ARRAY<STRING>'],
      ['m4', 'ingestion-timestamp', 'TIMESTAMP_LTZ(3)'],
    ],
  ),
  withMetadata(
    'ogg-json',
    [
      '{"after":{"id":2},"before":{"id":1},"op_type":"U","table":"S.P","op_ts":"2020-05-13 15:40:06.123456","current_ts":"2020-05-13T15:40:07.000001","primary_keys":["id"]}',
      '{"after":{"id":3},"op_type":"I"}',
    ],
    [
      ['m1', 'table', 'STRING'],
      ['m2', 'primary-keys', 'ARRAY<STRING>'],
      ['m3', 'ingestion-timestamp', 'TIMESTAMP_LTZ(6)'],
      ['m4', 'event-timestamp', 'TIMESTAMP_LTZ(6)'],
    ],
    undefined,
    {
      why: 'microseconds are kept; Flink cuts them',
      lines: [
        '-U[1, S.P, [id], 2020-05-13 15:40:07.000001, 2020-05-13 15:40:06.123456]',
        '+U[2, S.P, [id], 2020-05-13 15:40:07.000001, 2020-05-13 15:40:06.123456]',
        '+I[3, NULL, NULL, NULL, NULL]',
      ],
    },
  ),
];

export const readCases: readonly ReadCase[] = [
  ...debezium,
  ...beforeAfter('ogg-json', 'op_type', ['I', 'U', 'D']),
  ...canal,
  ...maxwell,
  ...metadata,
];

/** What is written: all four kinds, with NULLs, and cells that the options are about. */
export const written = {
  columns:
    'id INT, s STRING, d DECIMAL(12, 2), t TIMESTAMP(3), z TIMESTAMP_LTZ(3), m MAP<STRING, INT>, r ROW<x INT, y STRING>, l ARRAY<DOUBLE>',
  messages: [
    '{"after":{"id":1,"s":"ä\\"\\n","d":100,"t":"2024-01-02 03:04:05.678","z":"2024-01-02 03:04:05Z","m":{"k":1},"r":{"x":1},"l":[1.5,null]},"op":"c"}',
    '{"before":{"id":1,"s":"a","d":100},"after":{"id":1,"s":null,"d":0.01,"m":{},"l":[]},"op":"u"}',
    '{"before":{"id":1},"op":"d"}',
    '{"after":{},"op":"r"}',
  ],
} as const;

export const writeCases: readonly WriteCase[] = [
  'debezium-json',
  'canal-json',
  'maxwell-json',
  'ogg-json',
].flatMap((format) => [
  { name: `${format}: written`, format },
  { name: `${format}: written, nulls left out`, format, set: { 'encode.ignore-null-fields': 'true' } },
  {
    name: `${format}: written, plain decimals, ISO`,
    format,
    set: { 'encode.decimal-as-plain-number': 'true', 'timestamp-format.standard': 'ISO-8601' },
  },
]);

/** The names of columns, in order, that are shown as text. */
export function namesOf(columns: string): string[] {
  return columns.split(/, (?=[a-z]\w* [A-Z])(?![^<]*>)/).map((c) => c.split(' ')[0]!);
}
