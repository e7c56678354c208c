import { expect, test } from 'vitest';
import { typeText } from '#data';
import { jsonText, parseJson } from '#engine';
import { logicalType, type GatewayType } from '../src/types.ts';
import { fromGateway } from '../src/values.ts';

const simple = (type: string, more = ''): string => `{"type":"${type}","nullable":true${more}}`;

/** Type and value as the gateway writes them, type and value as we do. */
test.each([
  [simple('INTEGER'), '-3', 'INT', '-3'],
  [simple('INTEGER'), 'null', 'INT', 'null'],
  [simple('BIGINT'), '9223372036854775807', 'BIGINT', '9223372036854775807'],
  [simple('DECIMAL', ',"precision":20,"scale":10'), '1E-8', 'DECIMAL(20, 10)', '0.0000000100'],
  [simple('DECIMAL', ',"precision":20,"scale":0'), '-1.23E+4', 'DECIMAL(20, 0)', '-12300'],
  [simple('DOUBLE'), '"NaN"', 'DOUBLE', '"NaN"'],
  [simple('VARCHAR', ',"length":2147483647'), '""', 'STRING', '""'],
  [simple('BINARY', ',"length":2'), '"AQI="', 'BINARY(2)', '"AQI="'],
  [simple('TIME_WITHOUT_TIME_ZONE', ',"precision":0'), '"12:00:01"', 'TIME(0)', '"12:00:01"'],
  [
    simple('TIMESTAMP_WITH_LOCAL_TIME_ZONE', ',"precision":3'),
    '"2024-01-01T12:00:00Z"',
    'TIMESTAMP_LTZ(3)',
    '"2024-01-01 12:00:00.000Z"',
  ],
  [
    `{"type":"ROW","nullable":false,"fields":[{"name":"a","fieldType":${simple('DATE')}},{"name":"b","fieldType":${simple('INTERVAL_DAY_TIME', ',"precision":2,"fractionalPrecision":3,"resolution":"SECOND"')}}]}`,
    '{"a":"2024-01-01","b":86400000}',
    'ROW<`a` DATE, `b` INTERVAL SECOND(3)> NOT NULL',
    '{"a":"2024-01-01","b":"+1 00:00:00.000"}',
  ],
  [
    `{"type":"MAP","nullable":true,"keyType":${simple('VARCHAR', ',"length":5')},"valueType":{"type":"ARRAY","nullable":true,"elementType":${simple('BOOLEAN')}}}`,
    '{"k":[true,null],"e":[]}',
    'MAP<VARCHAR(5), ARRAY<BOOLEAN>>',
    '{"k":[true,null],"e":[]}',
  ],
])('%s of %s', (gatewayType, given, typed, shown) => {
  const type = logicalType(parseJson(gatewayType) as unknown as GatewayType);
  expect(typeText(type)).toBe(typed);
  expect(jsonText(fromGateway(parseJson(given), type), type)).toBe(shown);
});

test('a type without a form here is refused by name', () => {
  expect(() => logicalType({ type: 'RAW', nullable: true })).toThrow(/type RAW/);
});
