/* A catalog whose tables are those of PostgreSQL: CREATE CATALOG pg WITH ('type' = 'jdbc', …), as Flink's.
 *
 *   catalog ─ database ─ table        pg.shop.`sales.orders` is the table of the schema sales in the database shop;
 *                                     pg.shop.orders is that of the schema public
 *
 * Columns, types and primary keys are asked for when a statement names a table; nothing is kept, nothing can be changed. */

import type pg from 'pg';
import { UserError, type World } from '#base';
import type {
  CatalogStore,
  CatalogType,
  ConnectorTable,
  Options,
  OptionSpec,
  StoredObject,
  StoredSpace,
} from '#catalog';
import { connect } from './connection.ts';
import { jdbcOptions } from './options.ts';
import { declaredType } from './declared-type.ts';

const embedded = 'jdbc:postgresql:embedded';

export const jdbcCatalogOptions: readonly OptionSpec[] = [
  {
    key: 'base-url',
    type: 'string',
    required: true,
    doc: '`jdbc:postgresql://host:port`, without a database; or `jdbc:postgresql:embedded` for our own.',
  },
  { key: 'username', type: 'string', doc: 'The user; better as a secret: `${env:PGUSER}`.' },
  { key: 'password', type: 'string', doc: 'The password; better as a secret: `${env:PGPASSWORD}`.' },
];

export const jdbcCatalog: CatalogType = {
  type: 'jdbc',
  options: jdbcCatalogOptions,
  defaultDatabase: 'postgres',
  open: async (options, world) => {
    const base = baseUrl(options);
    return new PostgresCatalog(base, options, world);
  },
};

function baseUrl(options: Options): string {
  const text = options.require('base-url');
  if (text === embedded) return text;
  const match = /^(jdbc:postgresql:\/\/[^/?]+)\/?$/.exec(text);
  if (match !== null) return match[1]!;
  throw new UserError('JDBC1001', {
    at: options.at('base-url'),
    message: `option 'base-url': found '${text.replace(/\?.*/s, '?…')}'`,
    hint: `Write jdbc:postgresql://host:port, without a database, or ${embedded}.`,
  });
}

class PostgresCatalog implements CatalogStore {
  readonly #base: string;
  readonly #options: Options;
  readonly #world: World;

  constructor(base: string, options: Options, world: World) {
    this.#base = base;
    this.#options = options;
    this.#world = world;
  }

  /** Options of the jdbc connector for a table of the database. */
  #connector(database: string, table: string): [string, string][] {
    const url = this.#base === embedded ? embedded : `${this.#base}/${encodeURIComponent(database)}`;
    const user = ['username', 'password'].flatMap((key): [string, string][] => {
      const value = this.#options.string(key);
      return value === undefined ? [] : [[key, value]];
    });
    return [['connector', 'jdbc'], ['url', url], ['table-name', table], ...user];
  }
  async #ask<T>(database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
    const raw = this.#connector(database, '-').filter(([key]) => key !== 'connector');
    const table: ConnectorTable = {
      path: { catalog: '', database, object: '-' },
      physical: [],
      primaryKey: [],
      partitionedBy: [],
      options: [...raw, ['connection.max-retry-timeout', '1 s']].map(([key, value]) => ({
        key: key!,
        value: value!,
        at: undefined,
      })),
    };
    const { signal } = new AbortController();
    const client = await connect({ world: this.#world, options: jdbcOptions(table), signal, warn: () => {} });
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  async databases(): Promise<{ name: string; comment: undefined; options: Record<string, string> }[]> {
    const first = this.#options.string('default-database') ?? 'postgres';
    const sql =
      this.#base === embedded
        ? 'SELECT current_database() AS name'
        : 'SELECT datname AS name FROM pg_database WHERE NOT datistemplate AND datallowconn ORDER BY 1';
    const { rows } = await this.#ask(first, (client) => client.query<{ name: string }>(sql));
    return rows.map(({ name }) => ({ name, comment: undefined, options: {} }));
  }
  async names(database: string): Promise<{ name: string; kind: 'table' }[]> {
    const { rows } = await this.#ask(database, (client) =>
      client.query<{ schema: string; name: string }>(
        `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
          WHERE table_schema <> 'information_schema' AND table_schema NOT LIKE 'pg\\_%' ORDER BY 1, 2`,
      ),
    );
    return rows.map(({ schema, name }) => ({
      name: `${schema}.${name}`,
      kind: 'table',
    }));
  }
  async read(database: string, object: string, space: StoredSpace): Promise<StoredObject | undefined> {
    if (space !== 'relation') return undefined;
    const dot = object.indexOf('.');
    const [schema, name] = dot < 0 ? ['public', object] : [object.slice(0, dot), object.slice(dot + 1)];
    const found = await this.#ask(database, (client) => columnsOf(client, schema, name));
    if (found.columns.length === 0) return undefined;
    const columns = found.columns.map(
      (c) => `${quoted(c.name)} ${declaredType(c.type)}${c.required ? ' NOT NULL' : ''}`,
    );
    const key =
      found.key.length === 0
        ? []
        : [
            `CONSTRAINT ${quoted(found.constraint)} PRIMARY KEY (${found.key.map(quoted).join(', ')}) NOT ENFORCED`,
          ];
    const options = this.#connector(database, `${schema}.${name}`).map(
      ([k, v]) => `'${k}' = '${v.replaceAll("'", "''")}'`,
    );
    return {
      kind: 'table',
      sql: `CREATE TABLE ${quoted(object)} (${[...columns, ...key].join(', ')}) WITH (${options.join(', ')})`,
    };
  }
}

const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

interface FoundColumns {
  readonly columns: readonly { readonly name: string; readonly type: string; readonly required: boolean }[];
  readonly key: readonly string[];
  /** The name of the primary key; empty without. */
  readonly constraint: string;
}
async function columnsOf(client: pg.Client, schema: string, name: string): Promise<FoundColumns> {
  const { rows } = await client.query<{ name: string; type: string; required: string }>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull::text AS required
       FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [schema, name],
  );
  const key = await client.query<{ name: string; constraint: string }>(
    `SELECT a.attname AS name, k.conname AS constraint
       FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN unnest(k.conkey) WITH ORDINALITY AS p (num, at) ON true
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.num
      WHERE k.contype = 'p' AND n.nspname = $1 AND c.relname = $2 ORDER BY p.at`,
    [schema, name],
  );
  return {
    columns: rows.map((r) => ({ name: r.name, type: r.type, required: r.required === 'true' })),
    key: key.rows.map((r) => r.name),
    constraint: key.rows[0]?.constraint ?? '',
  };
}
