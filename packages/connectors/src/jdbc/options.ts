/* The options of the jdbc connector, as Flink's has them. */

import { UserError } from '#base';
import {
  parseOptions,
  type ConnectorTable,
  type Options,
  type OptionSchema,
  type OptionSpec,
} from '#catalog';
import { hasSecrets, resolveSecrets } from '../secrets.ts';
import { parseUrl, type JdbcUrl } from './url.ts';

export const jdbcOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'url',
    type: 'string',
    required: true,
    doc: '`jdbc:postgresql://host:port/database?…`, or `jdbc:postgresql:embedded` for our own.',
  },
  {
    key: 'table-name',
    type: 'string',
    required: true,
    doc: 'The table or view, with its schema if need be: `public.orders`.',
  },
  { key: 'username', type: 'string', doc: 'The user; better as a secret: `${env:PGUSER}`.' },
  { key: 'password', type: 'string', doc: 'The password; better as a secret: `${env:PGPASSWORD}`.' },
  { key: 'driver', type: 'string', doc: 'Accepted for Flink, with a warning; without effect.' },
  {
    key: 'connection.max-retry-timeout',
    type: 'duration',
    default: '60 s',
    doc: 'How long a connection is tried for, all attempts together.',
  },
  {
    key: 'millrace.jdbc.create-table',
    type: 'enum',
    values: ['never', 'if-not-exists'],
    doc: 'Whether a missing table is made; if-not-exists by default for the embedded server, else never.',
  },
  {
    key: 'scan.fetch-size',
    type: 'int',
    default: '0',
    doc: 'Accepted for Flink: rows are streamed, and held back while they are not needed.',
  },
  { key: 'scan.auto-commit', type: 'boolean', default: 'true', doc: 'Accepted for Flink; without effect.' },
  {
    key: 'scan.partition.column',
    type: 'string',
    doc: 'A number or time by which the scan is cut into ranges.',
  },
  { key: 'scan.partition.num', type: 'int', doc: 'How many ranges.' },
  {
    key: 'scan.partition.lower-bound',
    type: 'long',
    doc: 'Where the first range ends to count from; rows below are in it.',
  },
  {
    key: 'scan.partition.upper-bound',
    type: 'long',
    doc: 'Where the last range ends; rows above are in it.',
  },
  {
    key: 'lookup.cache',
    type: 'enum',
    values: ['NONE', 'PARTIAL'],
    default: 'NONE',
    doc: 'Whether rows that were looked up are kept.',
  },
  {
    key: 'lookup.partial-cache.max-rows',
    type: 'long',
    doc: 'Keys in the cache at most; those that were not used lately go first.',
  },
  {
    key: 'lookup.partial-cache.expire-after-write',
    type: 'duration',
    doc: 'How long an entry counts after it was read.',
  },
  {
    key: 'lookup.partial-cache.expire-after-access',
    type: 'duration',
    doc: 'How long an entry counts after it was last used.',
  },
  {
    key: 'lookup.partial-cache.cache-missing-key',
    type: 'boolean',
    default: 'true',
    doc: 'Whether it is kept that a key has no rows.',
  },
  { key: 'lookup.max-retries', type: 'int', default: '3', doc: 'Attempts after a failed lookup.' },
  {
    key: 'sink.delivery-guarantee',
    type: 'enum',
    values: ['exactly-once', 'at-least-once', 'none'],
    default: 'at-least-once',
    doc: 'exactly-once: rows are written in one transaction a checkpoint, with a row in the table millrace_commits.',
  },
  {
    key: 'sink.buffer-flush.max-rows',
    type: 'long',
    default: '100',
    doc: 'So many rows are written at once without waiting for more; 0 for no such bound.',
  },
  {
    key: 'sink.buffer-flush.interval',
    type: 'duration',
    default: '1 s',
    doc: 'How long a row waits for others at most; 0 for ever.',
  },
  { key: 'sink.max-retries', type: 'int', default: '3', doc: 'Attempts after a failed write.' },
  {
    key: 'sink.parallelism',
    type: 'int',
    doc: 'Accepted for Flink; the sink runs as often as the job does.',
  },
];

export const jdbcSchema: OptionSchema = { owner: `connector 'jdbc'`, specs: jdbcOptionSpecs };

/** Checks what can be known without the database. Throws CAT1002, CAT1003, JDBC1001. */
export function jdbcOptions(table: ConnectorTable): Options {
  const options = parseOptions(jdbcSchema, table.options);
  const url = options.require('url');
  // One that holds secrets is known only when the job starts.
  if (!hasSecrets(url)) parseUrl(url, options.at('url'));
  const partition = ['column', 'num', 'lower-bound', 'upper-bound'].map((k) => `scan.partition.${k}`);
  const missing = partition.filter((k) => !options.has(k));
  if (missing.length > 0 && missing.length < partition.length) {
    const given = partition.find((k) => options.has(k))!;
    throw new UserError('CAT1003', {
      at: options.at(given),
      message: `'${given}' needs the options ${missing.map((k) => `'${k}'`).join(', ')} too`,
    });
  }
  return options;
}

/** The table in the database, references resolved: a file that runs in several places may name it by one. */
export const tableName = (options: Options): string => resolveSecrets(options.require('table-name'));

/** Where to connect, secrets resolved. The embedded server's address is known only once it runs. */
export type JdbcTarget = { readonly kind: 'embedded' } | { readonly kind: 'server'; readonly url: JdbcUrl };

export function jdbcTarget(options: Options): JdbcTarget {
  const text = resolveSecrets(options.require('url'));
  const url = parseUrl(text, options.at('url'));
  if (url === 'embedded') return { kind: 'embedded' };
  const given = (key: string): string | undefined => {
    const value = options.string(key);
    return value === undefined ? undefined : resolveSecrets(value);
  };
  return {
    kind: 'server',
    url: { ...url, user: given('username') ?? url.user, password: given('password') ?? url.password },
  };
}

export const isEmbedded = (options: Options): boolean => options.string('url') === embeddedUrl;
export const embeddedUrl = 'jdbc:postgresql:embedded';

/** Whether a missing table is made. */
export function createsTable(options: Options): boolean {
  return (
    (options.enum('millrace.jdbc.create-table') ?? (isEmbedded(options) ? 'if-not-exists' : 'never')) ===
    'if-not-exists'
  );
}
