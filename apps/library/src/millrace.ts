/* The library: pipelines from TypeScript. The composition root of programs, as the command is of shells. */

import { join } from 'node:path';
import { MemoryDisk, UserError } from '#base';
import type { ConnectorDescriptor } from '#catalog';
import { connectors, embeddedConnector, inferFileTable, jdbcCatalog, modelProviders } from '#connectors';
import { Executor, toJavaScript, type FunctionDefinition, type ModelDefinition } from '#engine';
import { modulesFrom, realWorld } from '#host';
import { parseScript, parseStatement, quoteName, type Statement } from '#sql';
import { checksFrom } from './checks.ts';
import { callbackSink, type ChangeCallback, type QueryChange } from './callback-sink.ts';
import { iterableSource, runtimeOf, type Rows } from './iterable-source.ts';
import { Job } from './job.ts';
import { threads } from './threads.ts';

export interface MillraceOptions {
  /** Where tables without a connector keep their rows, with their definitions: a folder. Without, they live in memory and end
   *  with the program. */
  readonly folder?: string;
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
  /** Where its rows come from. */
  readonly from?: Rows;
  /** Where rows go that are written into it with INSERT. */
  readonly into?: ChangeCallback;
}
export interface RunOptions {
  /** Ends what runs: a query throws the signal's reason, a job stops. */
  readonly signal?: AbortSignal;
}

export interface ExecuteOptions extends RunOptions {
  /** Name of the job: what its state is kept under. By default `insert-into_` and its targets. */
  readonly name?: string;
  /** A folder where the job keeps checkpoints: started again under its name it goes on from the last one, and a failure from
   *  outside starts it again. Without, its state lives in memory. */
  readonly stateDir?: string;
  /** Forgets what is kept. */
  readonly fresh?: boolean;
  /** The path of a savepoint to go on from; needs `stateDir`. */
  readonly fromSavepoint?: string;
  /** Drops what the savepoint has that the query has no place for. */
  readonly allowNonRestoredState?: boolean;
}

export class Millrace {
  readonly #executor: Executor;
  readonly #connectors: Map<string, ConnectorDescriptor>;
  #tables = 0;

  constructor(options: MillraceOptions = {}) {
    const { folder } = options;
    const embedded = embeddedConnector(
      folder === undefined
        ? { folder: () => 'tables', disk: new MemoryDisk() }
        : { folder: () => join(folder, 'tables') },
    );
    this.#connectors = new Map([...connectors, embedded].map((c) => [c.name, c]));
    const warn =
      options.warn ??
      ((message: string) => {
        process.stderr.write(`warning: ${message}\n`);
      });
    this.#executor = new Executor({
      world: realWorld(),
      connectors: this.#connectors,
      catalogTypes: [jdbcCatalog],
      modelProviders,
      warn,
      fileTable: inferFileTable,
      loadModule: modulesFrom('.'),
      loadChecks: checksFrom('.'),
      threads,
      print: (line) => {
        process.stdout.write(`${line}\n`);
        return undefined;
      },
    });
    for (const [key, value] of Object.entries(options.set ?? {})) {
      const warning = this.#executor.session.settings.set(key, value);
      if (warning !== undefined) warn(warning);
    }
  }

  /** A table whose rows come from the program, or go to it. Throws UserError for a type or watermark that is wrong. */
  createTable(name: string, { schema, watermark, primaryKey, from, into }: TableDefinition): void {
    if (from === undefined && into === undefined)
      throw new UserError('LIB1003', {
        message: `table "${name}" has neither 'from' nor 'into'`,
        hint: "'from' takes an array or iterable of rows, 'into' a function that is called with each change.",
      });
    if (from !== undefined && !isIterable(from))
      throw new UserError('LIB1003', {
        message: `'from' of table "${name}" is ${String(from)}, expected an array, an iterable or an async iterable of rows`,
      });
    const connector = `program-${++this.#tables}`;
    const columns = Object.entries(schema).map(([column, type]) => `${quoteName(column)} ${type}`);
    if (watermark !== undefined) columns.push(watermarkClause(watermark));
    if (primaryKey !== undefined)
      columns.push(`PRIMARY KEY (${primaryKey.map(quoteName).join(', ')}) NOT ENFORCED`);
    const { createSource, ...source } = from === undefined ? {} : iterableSource(from);
    const { createSink, ...sink } = into === undefined ? {} : callbackSink(into);
    this.#executor.addConnector({
      name: connector,
      pinned: true,
      metadata: [],
      options: () => ({ owner: 'a table of the program', specs: [] }),
      ...source,
      ...sink,
      load: runtimeOf({
        ...(createSource === undefined ? {} : { createSource }),
        ...(createSink === undefined ? {} : { createSink }),
      }),
    });
    this.#executor.createTable(
      parseStatement(
        `CREATE TEMPORARY TABLE ${quoteName(name)} (${columns.join(', ')}) WITH ('connector' = '${connector}')`,
      ) as Extract<Statement, { kind: 'create-table' }>,
    );
  }

  /** A function for SQL; what `definition` has beside its types says which sort. It sees values as `query` gives them. Throws
   *  UserError. */
  createFunction(name: string, definition: FunctionDefinition): void {
    this.#executor.addFunction(name, definition);
  }

  /** A model for ML_PREDICT: a function of the program. It stands in front of one of that name in a catalog. Throws UserError
   *  for a type that is wrong, or a name that is taken. */
  createModel(name: string, definition: ModelDefinition): void {
    this.#executor.addModel(name, definition);
  }

  /** Runs statements; the last INSERT or STATEMENT SET is the job that comes back, already running. Throws UserError. */
  async execute(sql: string, options: ExecuteOptions = {}): Promise<Job | undefined> {
    const { signal, name, stateDir, fresh = false, fromSavepoint, allowNonRestoredState } = options;
    signal?.throwIfAborted();
    if (fromSavepoint !== undefined && stateDir === undefined)
      throw new UserError('LIB1004', {
        message: 'fromSavepoint without stateDir',
        hint: 'A job that goes on from a savepoint keeps its state: execute(sql, { stateDir, fromSavepoint }).',
      });
    let job: Job | undefined;
    const state =
      stateDir === undefined
        ? undefined
        : { stateDir, fresh, fromSavepoint, allowNonRestored: allowNonRestoredState };
    for (const { statement } of parseScript(sql)) {
      const execution = await this.#executor.execute(statement, {
        ...(name === undefined ? {} : { name }),
        ...(state === undefined ? {} : { state }),
      });
      if (execution.kind === 'job') {
        job = new Job(execution.job);
        const { stop } = this.#onAbort(signal, () => void execution.job.stop().catch(() => {}));
        execution.job.done.then(stop, stop);
      }
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
    { signal }: RunOptions = {},
  ): AsyncGenerator<QueryChange<Row>, void, undefined> {
    signal?.throwIfAborted();
    const statement = parseStatement(sql);
    if (statement.kind !== 'select-statement')
      throw new UserError('LIB1001', {
        message: 'query takes a SELECT',
        hint: 'Use execute for other statements.',
      });
    await this.#executor.completed(statement);
    const { fields, changes, job } = await this.#executor.query(statement.query);
    const { stop } = this.#onAbort(signal, () => void job.cancel());
    try {
      for (let part = await changes.next(); part !== undefined; part = await changes.next()) {
        signal?.throwIfAborted();
        for (const { kind, row } of part) {
          yield {
            kind,
            row: Object.fromEntries(fields.map((f, i) => [f.name, toJavaScript(row[i]!, f.type)])) as Row,
          };
        }
      }
      signal?.throwIfAborted();
    } finally {
      stop();
      await job.cancel();
    }
  }

  /** The rows that a bounded SELECT leaves in the end, with its changes applied. Throws as `query` does. */
  async collect<Row = Readonly<Record<string, unknown>>>(
    sql: string,
    options: RunOptions = {},
  ): Promise<Row[]> {
    const rows: (Row | undefined)[] = [];
    /** Places of equal rows, and those that a +U takes over. */
    const places = new Map<string, number[]>();
    const free: number[] = [];
    for await (const { kind, row } of this.query<Row>(sql, options)) {
      const key = rowKey(row);
      const same = places.get(key) ?? [];
      if (kind === '+I' || kind === '+U') {
        const at = (kind === '+U' ? free.shift() : undefined) ?? rows.length;
        rows[at] = row;
        places.set(key, same);
        same.push(at);
      } else {
        const at = same.shift();
        if (same.length === 0) places.delete(key);
        if (at === undefined) continue;
        rows[at] = undefined;
        if (kind === '-U') free.push(at);
      }
    }
    return rows.filter((row) => row !== undefined);
  }

  #onAbort(signal: AbortSignal | undefined, act: () => void): { readonly stop: () => void } {
    signal?.addEventListener('abort', act, { once: true });
    return {
      stop: () => {
        signal?.removeEventListener('abort', act);
      },
    };
  }

  /** Ends every job. */
  async close(): Promise<void> {
    await Promise.all(this.#executor.jobs.map((j) => j.cancel()));
  }
}

const isIterable = (from: unknown): boolean =>
  typeof from === 'object' && from !== null && (Symbol.iterator in from || Symbol.asyncIterator in from);

/** Equal for equal rows: bigints, bytes and maps have no JSON of their own. */
function rowKey(row: unknown): string {
  return JSON.stringify(row, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
    if (value instanceof Uint8Array) return [...value];
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  });
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
