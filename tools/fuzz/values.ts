/* The values that expressions are made of: for each type those at its edges, as SQL that Flink and we both read.
 *
 *   literal   as it stands in a query: constants are folded when it is planned
 *   column    a row of the table of samples: code runs over it */

/** A type by the name that call shapes use, its SQL, and values of it. */
export interface SampleType {
  readonly name: string;
  readonly sql: string;
  readonly values: readonly string[];
}

const text = (s: string): string => `'${s.replaceAll("'", "''")}'`;
const cast = (type: string, values: readonly string[]): string[] =>
  values.map((v) => `CAST(${v} AS ${type})`);

/** Text that is nothing but text, and text that almost is something else. */
const words: readonly string[] = [
  '',
  ' ',
  'a',
  'abc',
  'ABC abc',
  ' x ',
  'Straße',
  'ﬁn',
  'İi',
  'e\u0301',
  '日本語',
  '😀a😀',
  'a,b,,c',
  'a=1,b=2',
  'hello world-foo_bar',
  "it's",
  'a\\b',
  'a.b*c',
  '%a_b%',
  'line\nbreak\n',
  'tab\there',
  'true',
  'NO',
  't',
];
const numbers: readonly string[] = [
  '0',
  '1',
  '-1',
  ' 12 ',
  '+7',
  '007',
  '1.5',
  '.5',
  '5.',
  '-0.0',
  '1e3',
  '1E-3',
  '1_000',
  '0x1F',
  '1f',
  '1d',
  'NaN',
  'Infinity',
  '-Infinity',
  '127',
  '128',
  '32768',
  '2147483647',
  '2147483648',
  '-2147483649',
  '9223372036854775807',
  '9223372036854775808',
  '12345678901234567890123456789012345678',
  '123456789012345678901234567890123456789',
  '0.000000000000000001',
];
const times: readonly string[] = [
  '2024-02-29',
  '2023-02-29',
  '2024-2-9',
  '2024-13-01',
  '0001-01-01',
  '9999-12-31',
  '10000-01-01',
  '-0001-01-01',
  '1969-12-31 23:59:59.999',
  '2024-02-29 12:34:56',
  '2024-02-29 12:34:56.7',
  '2024-02-29 12:34:56.123456789',
  '2024-02-29T12:34:56',
  '2024-02-29T12:34:56Z',
  '2024-02-29 24:00:00',
  '2024-02-29 12:34',
  '2024-02-29 12',
  '2024-10-27 02:30:00',
  '2024-03-31 02:30:00',
  '12:34:56',
  '12:34:56.789',
  '1:2:3',
  '24:00:00',
  '09:60:00',
  '12:34',
];
const jsons: readonly string[] = [
  '{}',
  '[]',
  'null',
  '{"a":1}',
  '{"a":{"b":[1,2,{"c":"x"}]},"d":null,"e":true}',
  '[1,"2",null,{"a":3}]',
  '{"a":1,"a":2}',
  '{"a":1.50,"b":1e400,"c":"\\u00e9\\n"}',
  '{a:1}',
  '{"a":1',
  '"x"',
  '12',
];
/** What numbers, names and texts a VARIANT may have, and what is none. */
const variants: readonly string[] = [
  '{"a":{"b":[10,{"a":0},-0.0,2.50]},"b":1}',
  '{"b":1,"a":{"b":[10,{"a":0},-0.0,2.50]}}',
  '{"a":{"x":1},"a":2,"x":[3]}',
  '[1,1.0,1.00,1e0,127,128,-32768,32768,2147483648,9223372036854775807,9223372036854775808]',
  '[0.1,0.000000000000000000000000000000000000000001,1E-7,123456789.123456789,12345678901234567890123456789012345678.9]',
  '[[],{},"",{"":""}]',
  '"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl\\u00e9"',
  '{"é":"\\ud83d\\ude00","\\ud800":"\\u0001/","z":null}',
  '1',
  '1.0',
  ' [1 , 2 ] 3',
  '-',
  '1e',
  '[1,]',
  '01',
  'true',
  'nullx',
  ...jsons,
];
const encoded: readonly string[] = ['aGVsbG8=', 'aGVsbG8', '!!!!', '4142', '414', 'zz', 'a+b%26c', '%zz'];
const urls: readonly string[] = [
  'http://user:pw@host.org:80/p/a.html?k=v&k2=v2#ref',
  'https://[::1]:8080/x?y=%20z',
  'foo://bar/baz',
  'mailto:a@b.c',
  'http://host',
  'http://host?q=1',
  '//no/protocol',
];

export const texts = { words, numbers, times, jsons, encoded, urls };
export const quoted = (list: readonly string[]): string[] => list.map(text);

export const sampleTypes: readonly SampleType[] = [
  { name: 'BOOLEAN', sql: 'BOOLEAN', values: ['TRUE', 'FALSE', 'CAST(NULL AS BOOLEAN)'] },
  {
    name: 'TINYINT',
    sql: 'TINYINT',
    values: cast('TINYINT', ['0', '1', '-1', '5', '127', '-128', 'NULL']),
  },
  {
    name: 'SMALLINT',
    sql: 'SMALLINT',
    values: cast('SMALLINT', ['0', '1', '-1', '300', '32767', '-32768', 'NULL']),
  },
  {
    name: 'INT',
    sql: 'INT',
    values: [
      '0',
      '1',
      '-1',
      '2',
      '3',
      '10',
      '-7',
      '97',
      '1000',
      '2147483647',
      '-2147483648',
      'CAST(NULL AS INT)',
    ],
  },
  {
    name: 'BIGINT',
    sql: 'BIGINT',
    values: [
      ...cast('BIGINT', ['0', '1', '-1', '12', '65', '1709210096']),
      '1709210096123',
      '9007199254740993',
      '9223372036854775807',
      '-9223372036854775808',
      'CAST(NULL AS BIGINT)',
    ],
  },
  {
    name: 'FLOAT',
    sql: 'FLOAT',
    values: cast('FLOAT', [
      "'NaN'",
      "'Infinity'",
      "'-0.0'",
      '0',
      '1.5',
      '-2.5',
      '0.1',
      '16777217',
      '1e-45',
      '3.4028235e38',
      'NULL',
    ]),
  },
  {
    name: 'DOUBLE',
    sql: 'DOUBLE',
    values: [
      ...cast('DOUBLE', ["'NaN'", "'Infinity'", "'-Infinity'", "'-0.0'", 'NULL']),
      '0e0',
      '1e0',
      '-1.5e0',
      '0.1e0',
      '2.5e0',
      '1e10',
      '1.7976931348623157e308',
      '4.9e-324',
      '123456789.987654321e0',
    ],
  },
  {
    name: 'DECIMAL',
    sql: 'DECIMAL(10, 2)',
    values: [
      '0.5',
      '-0.5',
      '0.0',
      '1.00',
      '12345678.99',
      '-2.345',
      '9.995',
      ...cast('DECIMAL(10, 2)', ['NULL', '0', "'99999999.99'", "'-99999999.99'"]),
    ],
  },
  {
    name: 'DECIMAL38',
    sql: 'DECIMAL(38, 18)',
    values: cast('DECIMAL(38, 18)', [
      "'99999999999999999999.999999999999999999'",
      "'-0.000000000000000001'",
      "'1'",
      "'3.14159265358979323'",
      'NULL',
    ]),
  },
  {
    name: 'DECIMAL38_0',
    sql: 'DECIMAL(38, 0)',
    values: cast('DECIMAL(38, 0)', [
      "'99999999999999999999999999999999999999'",
      "'-1'",
      "'18446744073709551616'",
      'NULL',
    ]),
  },
  { name: 'TEXT', sql: 'STRING', values: [...quoted(words), 'CAST(NULL AS STRING)'] },
  { name: 'NUMBER_TEXT', sql: 'STRING', values: quoted(numbers) },
  { name: 'TIME_TEXT', sql: 'STRING', values: quoted(times) },
  { name: 'JSON_TEXT', sql: 'STRING', values: quoted(jsons) },
  { name: 'CODE_TEXT', sql: 'STRING', values: quoted(encoded) },
  { name: 'URL_TEXT', sql: 'STRING', values: quoted(urls) },
  { name: 'VARIANT_TEXT', sql: 'STRING', values: quoted(variants) },
  { name: 'CHAR', sql: 'CHAR(3)', values: cast('CHAR(3)', ["'a'", "''", "'abcd'", "'ß€'", 'NULL']) },
  {
    name: 'VARCHAR',
    sql: 'VARCHAR(4)',
    values: cast('VARCHAR(4)', ["'ab'", "''", "'hello'", "'😀😀'", 'NULL']),
  },
  { name: 'BINARY', sql: 'BINARY(2)', values: cast('BINARY(2)', ["X'41'", "X'414243'", "X'FF00'", 'NULL']) },
  {
    name: 'VARBINARY',
    sql: 'VARBINARY(3)',
    values: cast('VARBINARY(3)', ["X'41'", "X''", "X'E282AC80'", 'NULL']),
  },
  {
    name: 'BYTES',
    sql: 'BYTES',
    values: ["X''", "X'4142'", "X'00FF80'", ...cast('BYTES', ["X'68656C6C6F'", 'NULL'])],
  },
  {
    name: 'DATE',
    sql: 'DATE',
    values: [
      ...[
        "'2024-02-29'",
        "'1970-01-01'",
        "'1969-12-31'",
        "'0001-01-01'",
        "'9999-12-31'",
        "'2023-12-31'",
        "'2021-01-03'",
        "'1582-10-10'",
      ].map((v) => `DATE ${v}`),
      'CAST(NULL AS DATE)',
    ],
  },
  {
    name: 'TIME',
    sql: 'TIME',
    values: [...["'00:00:00'", "'12:34:56'", "'23:59:59'"].map((v) => `TIME ${v}`), 'CAST(NULL AS TIME)'],
  },
  {
    name: 'TIMESTAMP0',
    sql: 'TIMESTAMP(0)',
    values: cast('TIMESTAMP(0)', ["'2024-02-29 12:34:56'", "'1969-12-31 23:59:59'", 'NULL']),
  },
  {
    name: 'TIMESTAMP3',
    sql: 'TIMESTAMP(3)',
    values: [
      ...[
        "'2024-02-29 12:34:56.789'",
        "'2024-12-31 23:59:59.999'",
        "'2024-10-27 02:30:00.000'",
        "'0001-01-01 00:00:00.000'",
        "'9999-12-31 23:59:59.999'",
      ].map((v) => `TIMESTAMP ${v}`),
      'CAST(NULL AS TIMESTAMP(3))',
    ],
  },
  {
    name: 'TIMESTAMP6',
    sql: 'TIMESTAMP(6)',
    values: cast('TIMESTAMP(6)', ["'2024-02-29 12:34:56.123456'", 'NULL']),
  },
  {
    name: 'TIMESTAMP9',
    sql: 'TIMESTAMP(9)',
    values: cast('TIMESTAMP(9)', [
      "'2024-01-31 00:00:00.000000001'",
      "'1969-12-31 23:59:59.999999999'",
      'NULL',
    ]),
  },
  {
    name: 'LTZ3',
    sql: 'TIMESTAMP_LTZ(3)',
    values: [
      'TO_TIMESTAMP_LTZ(1709210096123, 3)',
      'TO_TIMESTAMP_LTZ(0, 3)',
      'CAST(NULL AS TIMESTAMP_LTZ(3))',
    ],
  },
  {
    name: 'LTZ9',
    sql: 'TIMESTAMP_LTZ(9)',
    values: [
      "CAST(TIMESTAMP '2024-02-29 12:34:56.123456789' AS TIMESTAMP_LTZ(9))",
      'CAST(NULL AS TIMESTAMP_LTZ(9))',
    ],
  },
  {
    name: 'INTERVAL_DAY',
    sql: 'INTERVAL DAY TO SECOND',
    values: [
      "INTERVAL '1' DAY",
      "INTERVAL '-5' SECOND",
      "INTERVAL '1 02:03:04.567' DAY TO SECOND",
      "INTERVAL '90' MINUTE",
      "INTERVAL '0' HOUR",
    ],
  },
  {
    name: 'INTERVAL_MONTH',
    sql: 'INTERVAL YEAR TO MONTH',
    values: [
      "INTERVAL '1' MONTH",
      "INTERVAL '-13' MONTH",
      "INTERVAL '2-3' YEAR TO MONTH",
      "INTERVAL '1' YEAR",
    ],
  },
  {
    name: 'ARRAY_INT',
    sql: 'ARRAY<INT>',
    values: [
      'ARRAY[1, 2, 3]',
      'ARRAY[3, CAST(NULL AS INT), 1]',
      'ARRAY[1]',
      'CAST(NULL AS ARRAY<INT>)',
      'ARRAY[2, 2, 1, CAST(NULL AS INT)]',
    ],
  },
  {
    name: 'ARRAY_DOUBLE',
    sql: 'ARRAY<DOUBLE>',
    values: ["ARRAY[1e0, CAST('NaN' AS DOUBLE), 2.5e0]", "ARRAY[CAST('-0.0' AS DOUBLE), 0e0]"],
  },
  {
    name: 'ARRAY_TEXT',
    sql: 'ARRAY<STRING>',
    values: ["ARRAY['b', 'a', 'b']", "ARRAY['', CAST(NULL AS STRING), '😀']", "ARRAY['x']"],
  },
  {
    name: 'ARRAY_ARRAY',
    sql: 'ARRAY<ARRAY<INT>>',
    values: ['ARRAY[ARRAY[1, 2], ARRAY[3]]', 'ARRAY[CAST(NULL AS ARRAY<INT>), ARRAY[1]]'],
  },
  { name: 'ARRAY_ROW', sql: 'ARRAY<ROW<a INT, b STRING>>', values: ["ARRAY[ROW(1, 'a'), ROW(2, 'b')]"] },
  {
    name: 'MAP_TEXT_INT',
    sql: 'MAP<STRING, INT>',
    values: [
      "MAP['a', 1, 'b', 2]",
      "MAP['a', CAST(NULL AS INT)]",
      "MAP['x', 1, 'x', 2]",
      'CAST(NULL AS MAP<STRING, INT>)',
    ],
  },
  { name: 'MAP_INT_TEXT', sql: 'MAP<INT, STRING>', values: ["MAP[1, 'a', 2, 'b']", "MAP[1, 'x']"] },
  {
    name: 'ROW',
    sql: 'ROW<a INT, b STRING>',
    values: [
      "ROW(1, 'a')",
      "ROW(CAST(NULL AS INT), '')",
      "CAST(ROW(7, 'x') AS ROW<a INT, b STRING>)",
      'CAST(NULL AS ROW<a INT, b STRING>)',
    ],
  },
  { name: 'NULL', sql: '', values: ['NULL'] },
];

/** The same types in other lengths and precisions: casts go from one to the other. */
export const castTypes: readonly SampleType[] = [
  { name: 'CHAR1', sql: 'CHAR(1)', values: cast('CHAR(1)', ["'1'", "'t'", "''", "'é'", 'NULL']) },
  {
    name: 'CHAR20',
    sql: 'CHAR(20)',
    values: cast('CHAR(20)', ["'12'", "'2024-02-29'", "'true'", "'1.5e3'", "''", 'NULL']),
  },
  {
    name: 'VARCHAR30',
    sql: 'VARCHAR(30)',
    values: cast('VARCHAR(30)', ["'2024-02-29 12:34:56.789'", "'-12.345'", "' 7 '", "'12:34:56.7'", 'NULL']),
  },
  {
    name: 'BINARY8',
    sql: 'BINARY(8)',
    values: cast('BINARY(8)', ["X'0102'", "X'3132333435363738'", 'NULL']),
  },
  {
    name: 'DECIMAL1_0',
    sql: 'DECIMAL(1, 0)',
    values: cast('DECIMAL(1, 0)', ['9', '-9', '0', '0.5', 'NULL']),
  },
  {
    name: 'DECIMAL5_5',
    sql: 'DECIMAL(5, 5)',
    values: cast('DECIMAL(5, 5)', ["'0.99999'", "'-0.00001'", "'0.5'", 'NULL']),
  },
  {
    name: 'DECIMAL20_0',
    sql: 'DECIMAL(20, 0)',
    values: cast('DECIMAL(20, 0)', ["'99999999999999999999'", "'-9223372036854775809'", "'128'", 'NULL']),
  },
  {
    name: 'TIMESTAMP1',
    sql: 'TIMESTAMP(1)',
    values: cast('TIMESTAMP(1)', ["'2024-02-29 23:59:59.99'", "'1969-12-31 23:59:59.9'", 'NULL']),
  },
  {
    name: 'LTZ0',
    sql: 'TIMESTAMP_LTZ(0)',
    values: cast('TIMESTAMP_LTZ(0)', ["'2024-02-29 12:34:56'", "'1969-12-31 00:00:00'", 'NULL']),
  },
  {
    name: 'LTZ6',
    sql: 'TIMESTAMP_LTZ(6)',
    values: cast('TIMESTAMP_LTZ(6)', ["'2024-02-29 12:34:56.123456'", 'NULL']),
  },
  {
    name: 'ARRAY_BIGINT',
    sql: 'ARRAY<BIGINT NOT NULL>',
    values: ['CAST(ARRAY[1, 2147483648] AS ARRAY<BIGINT NOT NULL>)'],
  },
  {
    name: 'MAP_TEXT_TEXT',
    sql: 'MAP<STRING, STRING>',
    values: ["MAP['1', '2']", "MAP['a', CAST(NULL AS STRING)]"],
  },
  {
    name: 'ROW_NESTED',
    sql: 'ROW<a ROW<x INT, y STRING>, b ARRAY<INT>>',
    values: [
      "ROW(ROW(1, 'a'), ARRAY[1])",
      'ROW(CAST(NULL AS ROW<x INT, y STRING>), CAST(NULL AS ARRAY<INT>))',
    ],
  },
];

export const typeByName = new Map(sampleTypes.map((t) => [t.name, t]));
