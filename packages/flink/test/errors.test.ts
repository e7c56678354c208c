import { expect, test } from 'vitest';
import { flinkError } from '../src/errors.ts';

const at = { start: 0, end: 4, line: 3, column: 1 };
const gateway = (...causes: string[]): string =>
  [
    '<Exception on server side:',
    'org.apache.flink.table.gateway.api.utils.SqlGatewayException: Failed to fetchResults.',
    '\tat org.apache.flink.table.gateway.rest.Handler.handle(Handler.java:91)',
    ...causes.flatMap((cause) => [`Caused by: ${cause}`, '\tat a.b.C.d(C.java:1)', '\t... 7 more']),
    '',
    'End of exception on server side>',
  ].join('\n');

test.each([
  [
    gateway(
      'org.apache.flink.table.api.ValidationException: SQL validation failed. From line 1, column 8 to line 1, column 11: no',
      "org.apache.calcite.runtime.CalciteContextException: From line 1, column 8 to line 1, column 11: Column 'n' not found",
    ),
    'user',
    'FLK2001',
    "Flink: Column 'n' not found",
  ],
  [
    gateway(
      'java.lang.RuntimeException: Failed to fetch next result',
      "java.lang.NumberFormatException: For input string: 'x'.",
    ),
    'user',
    'FLK2001',
    "Flink: For input string: 'x'.",
  ],
  [
    gateway(
      "org.apache.flink.table.api.ValidationException: Unable to create a source.\n\nTable options are:\n\n'password'='p'",
    ),
    'user',
    'FLK2001',
    'Flink: Unable to create a source.',
  ],
  [
    gateway('org.apache.kafka.common.errors.TimeoutException: no broker', 'java.net.ConnectException'),
    'external',
    'FLK3002',
    'Flink: no broker',
  ],
  ['the session is gone', 'external', 'FLK3002', 'Flink: the session is gone'],
])('the innermost reason and its kind', (text, kind, code, message) => {
  expect(flinkError(text, at)).toMatchObject({ class: kind, code, message, at });
});
