/* The library: pipelines from TypeScript. The composition root of programs, as the command is of shells. */

import { UserError } from '#base';
import type { ConnectorDescriptor } from '#catalog';
import { connectors } from '#connectors';
import { Executor } from '#engine';
import { realWorld } from '#host';
import { parseScript, parseStatement, quoteName, type Statement } from '#sql';
import { toJavaScript } from './convert.ts';
import { iterableConnector, type Rows } from './iterable-source.ts';
import { Job } from './job.ts';
import { userFunction, type FunctionDefinition } from './user-function.ts';

export interface MillraceOptions {
  /** Settings, as SET takes them. */
  readonly set?: Readonly<Record<string, string>>;
  /** Told of ignored settings and the like; the default writes to standard error. */
  readonly warn?: (message: string) => void;
}
export interface TableDefinition {
  /** Column names to SQL types: { page: 'STRING', ts: 'TIMESTAMP(3)' }. */
  readonly schema: Readonly<Record<string, string>>;
  /** Event time: the column, and how far out of order rows may come, as '5 s'. */
  readonly watermark?: { readonly column: string; readonly delay?: string };
  readonly primaryKey?: readonly string[];
  readonly from: Rows;
}
/** One change of a query's result; `row` has a property a column. */
export interface QueryChange<Row> {
  readonly kind: '+I' | '-U' | '+U' | '-D';
  readonly row: Row;
}

export class Millrace {
  readonly #executor: Executor;
  readonly #connectors: Map<string, ConnectorDescriptor>;
  readonly #functions = new Map<string, ReturnType<typeof userFunction>>();
  #tables = 0;

  constructor(options: MillraceOptions = {}) {
    this.#connectors = new Map(connectors.map((c) => [c.name, c]));
    const warn =
      options.warn ??
      ((message: string) => {
        process.stderr.write(`warning: ${message}\n`);
      });
    this.#executor = new Executor({
      world: realWorld(),
      connectors: this.#connectors,
      warn,
      print: (line) => {
        process.stdout.write(`${line}\n`);
        return undefined;
      },
    });
    this.#executor.session.userFunction = (name, args, at) =>
      this.#functions.get(name.toLowerCase())?.(args, at);
    for (const [key, value] of Object.entries(options.set ?? {})) {
      const warning = this.#executor.session.settings.set(key, value);
      if (warning !== undefined) warn(warning);
    }
  }

  /** A table whose rows come from the program. Throws UserError for a type or watermark that is wrong. */
  createTable(name: string, { schema, watermark, primaryKey, from }: TableDefinition): void {
    const connector = `program-${++this.#tables}`;
    const columns = Object.entries(schema).map(([column, type]) => `${quoteName(column)} ${type}`);
    if (watermark !== undefined) columns.push(watermarkClause(watermark));
    if (primaryKey !== undefined)
      columns.push(`PRIMARY KEY (${primaryKey.map(quoteName).join(', ')}) NOT ENFORCED`);
    this.#executor.addConnector(iterableConnector(connector, from));
    this.#executor.createTable(
      parseStatement(
        `CREATE TEMPORARY TABLE ${quoteName(name)} (${columns.join(', ')}) WITH ('connector' = '${connector}')`,
      ) as Extract<Statement, { kind: 'create-table' }>,
    );
  }

  /** A scalar function for SQL. NULL in, NULL out; `call` sees values as `query` gives them. Throws UserError. */
  createFunction(name: string, definition: FunctionDefinition): void {
    this.#functions.set(name.toLowerCase(), userFunction(name, definition));
  }

  /** Runs statements; the last INSERT or STATEMENT SET is the job that comes back, already running. Throws UserError. */
  async execute(sql: string): Promise<Job | undefined> {
    let job: Job | undefined;
    for (const { statement } of parseScript(sql)) {
      const execution = await this.#executor.execute(statement);
      if (execution.kind === 'job') job = new Job(execution.job);
      if (execution.kind === 'query') {
        await execution.job.cancel();
        throw new UserError('LIB1001', {
          message: 'execute takes no SELECT',
          hint: 'Use query: for await (const { kind, row } of m.query(…)).',
        });
      }
    }
    return job;
  }

  /** The changes of a SELECT as they come. Leaving the loop ends the query. */
  async *query<Row = Readonly<Record<string, unknown>>>(
    sql: string,
  ): AsyncGenerator<QueryChange<Row>, void, undefined> {
    const statement = parseStatement(sql);
    if (statement.kind !== 'select-statement')
      throw new UserError('LIB1001', {
        message: 'query takes a SELECT',
        hint: 'Use execute for other statements.',
      });
    const { fields, changes, job } = await this.#executor.query(statement.query);
    try {
      for (let part = await changes.next(); part !== undefined; part = await changes.next()) {
        for (const { kind, row } of part) {
          yield {
            kind,
            row: Object.fromEntries(fields.map((f, i) => [f.name, toJavaScript(row[i]!, f.type)])) as Row,
          };
        }
      }
    } finally {
      await job.cancel();
    }
  }

  /** Ends every job. */
  async close(): Promise<void> {
    await Promise.all(this.#executor.jobs.map((j) => j.cancel()));
  }
}

/** delay '5 s' → INTERVAL '5' SECOND. */
function watermarkClause({ column, delay }: { readonly column: string; readonly delay?: string }): string {
  const name = quoteName(column);
  const match = /^(\d+)\s*(ms|s|sec|seconds?|min|minutes?|h|hours?|d|days?)$/.exec(delay ?? '0 s');
  if (!match)
    throw new UserError('LIB1002', {
      message: `watermark delay '${delay}': expected a duration such as '5 s'`,
    });
  const unit = match[2]!;
  const interval =
    unit === 'ms'
      ? `INTERVAL '${(Number(match[1]) / 1000).toFixed(3)}' SECOND`
      : `INTERVAL '${match[1]}' ${unit.startsWith('s') ? 'SECOND' : unit.startsWith('m') ? 'MINUTE' : unit.startsWith('h') ? 'HOUR' : 'DAY'}`;
  return `WATERMARK FOR ${name} AS ${name} - ${interval}`;
}
