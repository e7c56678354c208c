/* Runs statements in a session, one after the other: DDL changes the catalog, INSERT and SELECT become jobs. */

import { didYouMean, unreachable, UserError, type ThreadHost, type World } from '#base';
import {
  isInsertOnly,
  parseOptions,
  type ConnectorDescriptor,
  type ConnectorRegistry,
  type InferredTable,
} from '#catalog';
import type { Batch } from '#data';
import { types } from '#data';
import type { Checkpoint } from '#checkpoint';
import { fitOf, inMemory, type JobSnapshot, type NewStore, type NodeFit, type PrintLine } from '#dataflow';
import { evalContext, type EvalContext, type EvalSettings } from '#expr';
import {
  bindCreateTable,
  bindCreateTableAs,
  connectorTable,
  notYet,
  planInserts,
  planQuery,
  planText,
  QueryBinder,
  relText,
  Session,
  SessionSettings,
  stateWarnings,
  valuesConnector,
  type BoundView,
  type PhysicalPlan,
} from '#plan';
import {
  fileNames,
  parseStatement,
  printQuery,
  type CreateTable,
  type CreateTableAs,
  type CreateView,
  type DropStatement,
  type ExplainStatement,
  type InsertStatement,
  type Query,
  type Statement,
  type StopJobStatement,
} from '#sql';
import { alterTable } from './alter.ts';
import { ChangeQueue, collectDescriptor, valuesDescriptor } from './builtin.ts';
import { compileJob } from './compile.ts';
import { describe, show } from './describe.ts';
import { durability, stateBackend, type StateChoice } from './durability/durability.ts';
import { savepointSnapshot } from './durability/savepoints.ts';
import type { Execution } from './execution.ts';
import { createTableText, withFoundColumns } from './found-columns.ts';
import { Functions, type LoadModule } from './functions/functions.ts';
import type { FunctionDefinition } from './functions/user-function.ts';
import { EngineJob } from './job.ts';

export interface ExecutorSettings {
  readonly world: World;
  readonly connectors: ConnectorRegistry;
  readonly settings?: SessionSettings;
  readonly warn?: (message: string) => void;
  /** Where console sinks print; a promise while the reader of that lags behind. */
  readonly print?: PrintLine;
  /** What table a file is: FROM 'data/*.csv'; without, such a name is an error. */
  readonly fileTable?: (path: string) => Promise<InferredTable>;
  /** Where functions of SQL come from that name a module. */
  readonly loadModule?: LoadModule;
  /** Where operators keep their state: tests may ask for another store. */
  readonly newStore?: NewStore;
  /** Runs the parallel instances of jobs in a thread each; without, all run in this one. */
  readonly threads?: () => ThreadHost | undefined;
  /** Before a compiled plan runs: tests send it through a clone. */
  readonly throughPlan?: (plan: EngineJob['plan']) => EngineJob['plan'];
}

export interface JobOptions {
  readonly name?: string;
  readonly restore?: JobSnapshot | undefined;
  /** Of an INSERT: where its state is kept, under its name. */
  readonly state?: StateChoice;
  readonly lateRows?: (operatorId: string, batch: Batch, row: number) => void;
  /** For who keeps snapshots: the epoch of one that is kept, to which the next may refer. */
  readonly base?: () => number | undefined;
  readonly parallelism?: number;
  /** No bound on changes waiting for the reader: tests. */
  readonly unboundedResult?: boolean;
  /** It is not waited for, whatever 'table.dml-sync' says: tests, where inputs end when the test says so. */
  readonly inBackground?: boolean;
}

export class Executor {
  readonly session: Session;
  readonly world: World;
  readonly jobs: EngineJob[] = [];
  readonly #settings: ExecutorSettings;
  readonly #connectors: Map<string, ConnectorDescriptor>;
  readonly #functions: Functions;
  #jobs = 0;

  constructor(settings: ExecutorSettings) {
    this.#settings = settings;
    this.world = settings.world;
    this.#connectors = new Map([...settings.connectors, [valuesConnector, valuesDescriptor] as const]);
    this.session = new Session(this.#connectors, settings.settings ?? new SessionSettings());
    this.#functions = new Functions(settings.loadModule);
    this.session.userFunction = (name, args, at) => this.#functions.bind(name, args, at);
  }

  /** A connector of the program at hand, beside those given at the start. */
  addConnector(connector: ConnectorDescriptor): void {
    this.#connectors.set(connector.name, connector);
  }
  /** A scalar function of the program. Throws UserError for a type that is wrong. */
  addFunction(name: string, definition: FunctionDefinition): void {
    this.#functions.add(name, definition);
  }
  /** CREATE TABLE at once. Throws UserError. False where it is there already, and may be. */
  createTable(statement: CreateTable): boolean {
    const table = bindCreateTable(statement, this.session);
    const isNew = this.#place(table.path, statement);
    if (isNew) this.session.put(table);
    return isNew;
  }
  /** Makes the table of CREATE TABLE … AS and returns the INSERT that fills it, which can be planned. Throws UserError, and
   *  then there is no table. */
  tableAs(statement: CreateTableAs): InsertStatement {
    const { insert, undo } = this.#tableAs(statement);
    try {
      this.plan(insert);
    } catch (thrown) {
      undo();
      throw thrown;
    }
    return insert;
  }
  #tableAs(statement: CreateTableAs): { readonly insert: InsertStatement; readonly undo: () => void } {
    const { table, insert } = bindCreateTableAs(statement, this.session, this.evaluation());
    const isNew = this.createTable(table);
    const path = this.session.path(statement.name);
    return {
      insert,
      undo: () => {
        if (isNew) this.session.remove(path);
      },
    };
  }

  /** Checks the options of a table that was created, as its first use does. Throws UserError. */
  checkTable({ name }: CreateTable | CreateTableAs): void {
    const object = this.session.get(name);
    if (object.kind !== 'table') return;
    const table = connectorTable(object);
    const descriptor = this.#connectors.get(object.connector);
    if (descriptor === undefined) return;
    parseOptions(descriptor.options(table), table.options);
    const failures: unknown[] = [];
    const uses = [
      ...(descriptor.source === undefined ? [] : [() => descriptor.source!(table)]),
      ...(descriptor.sink === undefined ? [] : [() => descriptor.sink!(table)]),
    ];
    for (const use of uses) {
      try {
        use();
      } catch (thrown) {
        failures.push(thrown);
      }
    }
    // What can be read or written is right: it may be meant for that alone.
    if (failures.length > 0 && failures.length === uses.length) throw failures[0];
    for (const warning of descriptor.warnings?.(table) ?? [])
      this.#settings.warn?.(`table '${table.path.object}': ${warning}`);
  }

  /** What expressions see, fixed at this moment. */
  evaluation(): EvalContext {
    const { world } = this;
    return evalContext(this.#evalSettings(), 'planning', () => world.now());
  }
  #evalSettings(): EvalSettings {
    const { settings } = this.session;
    return {
      timeZone: settings.timeZone,
      queryStart: this.world.now(),
      batchMode: settings.batch,
      legacyCast: settings.get('table.exec.legacy-cast-behaviour').toUpperCase() === 'ENABLED',
      seed: this.world.rng.uint32(),
    };
  }

  /** Makes temporary tables of the files that the statement names in place of tables, and gives a table that declares no
   *  columns those that its connector finds: the statement to go on with. `execute` does it by itself; whoever only plans
   *  calls it before. Throws UserError for a file that is no table. */
  async completed(statement: Statement): Promise<Statement> {
    for (const { text: path, span } of fileNames(statement)) {
      const { fileTable } = this.#settings;
      if (fileTable === undefined)
        throw new UserError('CAT2011', { at: span, message: `'${path}': files are not read by name here` });
      try {
        const text = createTableText(path, await fileTable(path), true);
        this.session.put(bindCreateTable(parseStatement(text) as CreateTable, this.session));
      } catch (thrown) {
        if (!(thrown instanceof UserError)) throw thrown;
        throw new UserError(thrown.code, {
          at: span,
          message: thrown.message,
          hint: thrown.hint,
          cause: thrown,
        });
      }
    }
    return statement.kind === 'create-table'
      ? await withFoundColumns(statement, this.session, this.world)
      : statement;
  }

  /** Runs one statement. Jobs are started when this resolves; what fails them later comes through `done`. */
  async execute(given: Statement, options: JobOptions = {}): Promise<Execution> {
    const statement = await this.completed(given);
    switch (statement.kind) {
      case 'select-statement':
        return await this.query(statement.query, options);
      case 'insert':
        return await this.insert([statement], options);
      case 'statement-set':
        return await this.insert(statement.inserts, options);
      case 'create-table':
        this.createTable(statement);
        return { kind: 'ok' };
      case 'create-view':
        return this.#createView(statement);
      case 'create-database':
        return this.#createDatabase(
          statement.name.map((n) => n.text),
          statement.ifNotExists,
        );
      case 'drop':
        return this.#drop(statement);
      case 'alter-table': {
        alterTable(statement, this.session);
        return { kind: 'ok' };
      }
      case 'use':
        return this.#use(statement);
      case 'set':
        return this.#set(statement);
      case 'reset':
        this.session.settings.reset(statement.key);
        return { kind: 'ok' };
      case 'show':
        return show(statement, this.session, this.jobs);
      case 'describe':
        return describe(statement, this.session, this.evaluation());
      case 'explain':
        return this.#explain(statement);
      case 'stop-job':
        return await this.#stopJob(statement);
      case 'create-table-as':
        return await this.insert([this.tableAs(statement)], options);
      case 'create-function':
        await this.#functions.create(statement);
        return { kind: 'ok' };
      case 'create-catalog':
        throw notYet('CREATE CATALOG', statement.span);
      case 'alter-view':
        throw notYet('ALTER VIEW', statement.span);
      case 'unsupported':
        throw notYet(statement.name, statement.span);
      default:
        return unreachable(statement);
    }
  }

  /** Plans a query and starts it, its changes into a queue. */
  async query(query: Query, options: JobOptions = {}): Promise<Extract<Execution, { kind: 'query' }>> {
    const name = options.name ?? `query-${++this.#jobs}`;
    const planned = planQuery(query, this.session, this.evaluation(), name);
    const changes = new ChangeQueue(options.unboundedResult !== true);
    const plan = compileJob(planned.plan, { connector: '$collect', id: `${name}/collect` });
    const connectors = new Map([
      ...this.session.connectors,
      ['$collect', collectDescriptor('$collect', changes)] as const,
    ]);
    const job = this.#job(name, plan, connectors, options);
    await job.start();
    job.done.then(
      () => {
        changes.end();
      },
      (error: unknown) => {
        changes.end(error);
      },
    );
    const { nodes, roots } = planned.plan;
    const insertOnly = roots.every((root) => isInsertOnly(nodes[root]!.traits.changelog));
    return { kind: 'query', fields: planned.fields, job, insertOnly, changes };
  }

  /** Starts INSERTs as one job. */
  async insert(
    inserts: readonly InsertStatement[],
    options: JobOptions = {},
  ): Promise<Extract<Execution, { kind: 'job' }>> {
    const planned = planInserts(inserts, this.session, this.evaluation());
    const name =
      options.name ??
      (this.session.settings.get('pipeline.name') || `insert-into_${planned.targets.join('_')}`);
    const job = this.#job(this.#freeName(name), compileJob(planned.plan), this.session.connectors, options);
    await job.start();
    if (this.session.settings.get('table.dml-sync') === 'true' && options.inBackground !== true)
      await job.done;
    return { kind: 'job', job };
  }

  /** The name, with a number behind it where a job of this name runs: STOP JOB means one. */
  #freeName(name: string): string {
    const taken = new Set(this.jobs.filter((j) => j.endedAt === undefined).map((j) => j.name));
    for (let n = 1; ; n++) {
      const free = n === 1 ? name : `${name}-${n}`;
      if (!taken.has(free)) return free;
    }
  }
  #job(name: string, plan: EngineJob['plan'], connectors: ConnectorRegistry, options: JobOptions): EngineJob {
    const { settings } = this.session;
    const parallelism = options.parallelism ?? Number(settings.get('parallelism.default'));
    const warn = this.#settings.warn ?? (() => {});
    const job = new EngineJob({
      name,
      connectors,
      world: this.world,
      evaluation: this.#evalSettings(),
      restore: options.restore,
      durability:
        options.state &&
        durability(settings, options.state, { world: this.world, name, plan, parallelism, warn }),
      newStore: this.#settings.newStore,
      // A function is a value of this thread.
      threads: parallelism > 1 && this.#functions.isEmpty ? this.#settings.threads?.() : undefined,
      lateRows: options.lateRows,
      base: options.base,
      plan: this.#settings.throughPlan?.(plan) ?? plan,
      parallelism,
      memoryBytesMax: settings.memoryBytes('millrace.memory.budget'),
      keepsOnDisk: stateBackend(settings) === 'rocksdb',
      warn,
      print: this.#settings.print ?? (() => undefined),
    });
    this.jobs.push(job);
    this.#warnOfParallelism(plan);
    return job;
  }
  #warnOfParallelism(plan: EngineJob['plan']): void {
    for (const node of plan.nodes) {
      if (node.kind === 'operator') continue;
      const option = node.table.options.find((o) => /^(scan|sink)\.parallelism$/.test(o.key));
      if (option !== undefined)
        this.#settings.warn?.(
          `the option '${option.key}' of table '${node.table.path.object}' has no effect: 'parallelism.default' counts`,
        );
    }
  }

  /** Whether the object may be made: an existing one is an error, or left alone with IF NOT EXISTS. */
  #place(
    path: { catalog: string; database: string; object: string },
    node: { ifNotExists: boolean; name: readonly { span: UserError['at'] }[] },
  ): boolean {
    if (!this.session.catalogs.get(path.catalog)?.has(path.database)) {
      throw new UserError('CAT2010', {
        at: node.name[0]?.span,
        message: `there is no database ${path.catalog}.${path.database}`,
      });
    }
    if (this.session.find(path) === undefined) return true;
    if (node.ifNotExists) return false;
    throw new UserError('CAT2001', {
      at: node.name.at(-1)?.span,
      message: `"${path.object}" exists already`,
      hint: 'Write IF NOT EXISTS, or DROP it first.',
    });
  }

  #createView(node: CreateView): Execution {
    const path = this.session.path(node.name);
    const view: BoundView = {
      kind: 'view',
      path,
      columns: node.columns.map((c) => c.text),
      query: node.query,
      temporary: node.temporary,
      comment: node.comment,
      text: printQuery(node.query),
      home: { catalog: this.session.catalog, database: this.session.database },
    };
    new QueryBinder(this.session, this.evaluation()).view(view);
    if (node.orReplace || this.#place(path, node)) this.session.put(view);
    return { kind: 'ok' };
  }
  #createDatabase(name: readonly string[], ifNotExists: boolean): Execution {
    const catalog = name.at(-2) ?? this.session.catalog;
    const databases = this.session.catalogs.get(catalog);
    if (databases === undefined)
      throw new UserError('CAT2010', { message: `there is no catalog "${catalog}"` });
    const database = name.at(-1)!;
    if (databases.has(database) && !ifNotExists)
      throw new UserError('CAT2001', { message: `the database "${database}" exists already` });
    databases.add(database);
    return { kind: 'ok' };
  }
  #drop(node: DropStatement): Execution {
    if (node.what === 'CATALOG') throw notYet(`DROP ${node.what}`, node.span);
    if (node.what === 'FUNCTION') {
      this.#functions.drop(node);
      return { kind: 'ok' };
    }
    if (node.what === 'DATABASE') {
      const databases = this.session.catalogs.get(node.name.at(-2)?.text ?? this.session.catalog);
      if (!databases?.delete(node.name.at(-1)!.text) && !node.ifExists)
        throw new UserError('CAT2010', {
          at: node.span,
          message: `there is no database "${node.name.at(-1)!.text}"`,
        });
      return { kind: 'ok' };
    }
    const found = this.session.find(this.session.path(node.name));
    if (found === undefined) {
      if (node.ifExists) return { kind: 'ok' };
      this.session.get(node.name);
    }
    if (found!.kind !== node.what.toLowerCase())
      throw new UserError('CAT2003', {
        at: node.name[0]!.span,
        message: `"${found!.path.object}" is a ${found!.kind}, not a ${node.what.toLowerCase()}`,
      });
    this.session.remove(found!.path);
    return { kind: 'ok' };
  }
  #use(node: Extract<Statement, { kind: 'use' }>): Execution {
    const names = node.name.map((n) => n.text);
    const catalog = node.what === 'CATALOG' ? names[0]! : (names.at(-2) ?? this.session.catalog);
    const databases = this.session.catalogs.get(catalog);
    if (databases === undefined)
      throw new UserError('CAT2010', { at: node.span, message: `there is no catalog "${catalog}"` });
    const database = node.what === 'CATALOG' ? [...databases][0]! : names.at(-1)!;
    if (!databases.has(database))
      throw new UserError('CAT2010', { at: node.span, message: `there is no database "${database}"` });
    this.session.catalog = catalog;
    this.session.database = database;
    return { kind: 'ok' };
  }
  #set(node: Extract<Statement, { kind: 'set' }>): Execution {
    if (node.key === undefined) {
      return {
        kind: 'table',
        fields: [
          { name: 'key', type: types.STRING },
          { name: 'value', type: types.STRING },
        ],
        rows: this.session.settings.entries(),
      };
    }
    const warning = this.session.settings.set(node.key, node.value ?? '', node.span);
    if (warning !== undefined) this.#settings.warn?.(warning);
    return { kind: 'ok' };
  }

  /** Stops a job that runs; what it wrote, and what was open, as a table. */
  async #stopJob({ job: name, savepoint, drain, span }: StopJobStatement): Promise<Execution> {
    if (savepoint) throw notYet('STOP JOB … WITH SAVEPOINT', span);
    const running = this.jobs.filter((j) => j.endedAt === undefined);
    const job = running.find((j) => j.name === name);
    if (job === undefined)
      throw new UserError('JOB1002', {
        at: span,
        message: `no job '${name}' runs`,
        hint: didYouMean(
          name,
          running.map((j) => j.name),
        ),
      });
    await job.stop({ drain });
    const { rowsIn, rowsOut } = job.totals();
    const open = drain ? 0 : job.metrics().reduce((n, m) => n + (m.gauges['stateKeys'] ?? 0), 0);
    return {
      kind: 'table',
      fields: [
        { name: 'job name', type: types.STRING },
        { name: 'rows in', type: types.BIGINT },
        { name: 'rows flushed', type: types.BIGINT },
        { name: 'keys left open', type: types.BIGINT },
      ],
      rows: [[job.name, BigInt(rowsIn), BigInt(rowsOut), BigInt(open)]],
    };
  }

  #explain(node: ExplainStatement): Execution {
    const text = this.explainText(node);
    return { kind: 'table', fields: [{ name: 'result', type: types.STRING }], rows: [[text]] };
  }
  explainText(node: ExplainStatement): string {
    const { ast, plan } = this.plan(node.statement);
    const warnings = stateWarnings(plan);
    const code = node.details.includes('CODEGEN')
      ? ['', '== Generated Code ==', ...codeOf(compileJob(plan))]
      : [];
    return [
      '== Abstract Syntax Tree ==',
      ast,
      '',
      '== Optimized Physical Plan ==',
      planText(plan),
      ...code,
      ...(warnings.length > 0 ? ['', '== Advice ==', ...warnings] : []),
    ].join('\n');
  }
  /** What a plan takes up of a savepoint. */
  fits(plan: PhysicalPlan, savepoint: Checkpoint): readonly NodeFit[] {
    const { world } = this;
    const settings = {
      world,
      evaluation: this.#evalSettings(),
      newStore: this.#settings.newStore ?? inMemory,
    };
    return fitOf(compileJob(plan), savepointSnapshot(savepoint), settings);
  }
  /** Plans without running: EXPLAIN and `check`. */
  plan(statement: ExplainStatement['statement']): { readonly ast: string; readonly plan: PhysicalPlan } {
    switch (statement.kind) {
      case 'select-statement': {
        const planned = planQuery(statement.query, this.session, this.evaluation(), 'query');
        return { ast: relText(planned.logical), plan: planned.plan };
      }
      case 'insert':
      case 'statement-set': {
        const planned = planInserts(
          statement.kind === 'insert' ? [statement] : statement.inserts,
          this.session,
          this.evaluation(),
        );
        return { ast: planned.logical.map((r) => relText(r)).join('\n'), plan: planned.plan };
      }
      case 'create-table-as': {
        const { insert, undo } = this.#tableAs(statement);
        try {
          return this.plan(insert);
        } finally {
          undo();
        }
      }
      default:
        return unreachable(statement);
    }
  }
}

/** The JavaScript of every segment. */
function codeOf(plan: EngineJob['plan']): string[] {
  return plan.nodes.flatMap((n) => {
    const calc =
      n.kind === 'source'
        ? n.calc
        : n.kind === 'operator' && n.operator === 'calc'
          ? (n.spec as { plan: { source: string | undefined; sourceWide: string } }).plan
          : undefined;
    return calc === undefined ? [] : [`-- ${n.title}`, calc.source ?? calc.sourceWide];
  });
}
