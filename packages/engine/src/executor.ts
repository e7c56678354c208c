/* Runs statements in a session, one after the other: DDL changes the catalog, INSERT and SELECT become jobs. */

import { didYouMean, unreachable, UserError, type ThreadHost, type World } from '#base';
import {
  isInsertOnly,
  parseOptions,
  type CatalogType,
  type ConnectorDescriptor,
  type ConnectorRegistry,
  type InferredTable,
  type ModelProvider,
} from '#catalog';
import type { Batch } from '#data';
import { types } from '#data';
import type { Checkpoint } from '#checkpoint';
import {
  fitOf,
  inMemory,
  modelConnector,
  type JobSnapshot,
  type NewStore,
  type NodeFit,
  type PrintLine,
} from '#dataflow';
import { evalContext, type EvalContext, type EvalSettings } from '#expr';
import {
  bindCreateTable,
  connectorTable,
  modelRunsAt,
  notYet,
  planInserts,
  planQuery,
  planText,
  relText,
  Session,
  SessionSettings,
  stateWarnings,
  valuesConnector,
  type PhysicalPlan,
} from '#plan';
import {
  fileNames,
  parseStatement,
  quoteName,
  type CreateModel,
  type CreateTable,
  type CreateTableAs,
  type ExplainStatement,
  type InsertStatement,
  type Query,
  type Statement,
  type StopJobStatement,
} from '#sql';
import { Catalogs } from './catalogs/catalogs.ts';
import { Definitions } from './catalogs/definitions.ts';
import { Loader } from './catalogs/loader.ts';
import { ModelObjects } from './catalogs/models.ts';
import { Objects } from './catalogs/objects.ts';
import { TablesAs } from './catalogs/tables-as.ts';
import { ChangeQueue, collectDescriptor, valuesDescriptor } from './builtin.ts';
import { compileJob } from './compile.ts';
import { describe, show, type Shown } from './describe.ts';
import { durability, stateBackend, type StateChoice } from './durability/durability.ts';
import { savepointSnapshot } from './durability/savepoints.ts';
import type { Execution } from './execution.ts';
import { createTableText, withFoundColumns } from './found-columns.ts';
import type { LoadChecks } from '#plan';
import { Functions, type LoadModule } from './functions/functions.ts';
import { programProvider, typeScriptProvider, type ModelDefinition } from './functions/model-provider.ts';
import type { FunctionDefinition } from './functions/user-function.ts';
import { EvolvingPlan } from './evolution/evolving-plan.ts';
import { EngineJob } from './job.ts';
import { writersEnd } from './kept-rows.ts';
import { unsupported } from './unsupported.ts';

export interface ExecutorSettings {
  readonly world: World;
  readonly connectors: ConnectorRegistry;
  readonly settings?: SessionSettings;
  readonly warn?: (message: string) => void;
  /** Where console sinks print; a promise while the reader of that lags behind. */
  readonly print?: PrintLine;
  /** What table a file is: FROM 'data/*.csv'; without, such a name is an error. */
  readonly fileTable?: (path: string) => Promise<InferredTable>;
  /** Types of catalog beside those in the session and in folders. */
  readonly catalogTypes?: readonly CatalogType[];
  /** Who runs models, beside functions of TypeScript. */
  readonly modelProviders?: readonly ModelProvider[];
  /** Where functions of SQL come from that name a module. */
  readonly loadModule?: LoadModule;
  /** What is expected of the rows of tables that name a suite or a contract; without, such a table is an error. */
  readonly loadChecks?: LoadChecks | undefined;
  /** Where operators keep their state: tests may ask for another store. */
  readonly newStore?: NewStore;
  /** Runs the parallel instances of jobs in a thread each; without, all run in this one. */
  readonly threads?: () => ThreadHost | undefined;
  /** Before a compiled plan runs: tests send it through a clone. */
  readonly throughPlan?: (plan: EngineJob['plan']) => EngineJob['plan'];
}

const nowhere = { start: 0, end: 0, line: 1, column: 1 };

/** Of a model that nobody asks yet. */
const anyConfig = { async: undefined, outputMode: undefined, concurrent: undefined, timeoutMs: undefined };

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
  readonly #providers = new Map<string, ModelProvider>();
  readonly #functions: Functions;
  readonly #loader: Loader;
  readonly #objects: Objects;
  readonly #catalogs: Catalogs;
  readonly #definitions: Definitions;
  readonly #tables: TablesAs;
  readonly #models: ModelObjects;
  #programModels = 0;
  #jobs = 0;

  constructor(settings: ExecutorSettings) {
    this.#settings = settings;
    this.world = settings.world;
    this.#connectors = new Map([...settings.connectors, [valuesConnector, valuesDescriptor] as const]);
    for (const provider of [typeScriptProvider(settings.loadModule), ...(settings.modelProviders ?? [])])
      this.#addProvider(provider);
    this.session = new Session(this.#connectors, settings.settings ?? new SessionSettings(), this.#providers);
    this.#functions = new Functions(
      settings.loadModule,
      (parts) => this.session.path(parts.slice(-3).map((text) => ({ text, quoted: true, span: nowhere }))),
      (connector) => {
        this.addConnector(connector);
      },
    );
    this.session.asyncFunction = (fn) => this.#functions.asyncTable(fn);
    this.session.userAggregate = (name) => this.#functions.aggregate(name);
    this.session.userProcess = (name) => this.#functions.process(name);
    this.session.userTableFunction = (name) => this.#functions.tableFunction(name);
    this.#loader = new Loader(this.session, this.world, this.#functions, settings.loadChecks);
    this.#objects = new Objects(this.session, this.#loader, () => this.evaluation());
    this.#catalogs = new Catalogs(this.session, this.world, this.#loader, settings.catalogTypes ?? []);
    this.#models = new ModelObjects(this.session);
    this.#definitions = new Definitions(
      this.session,
      this.#objects,
      this.#catalogs,
      this.#functions,
      this.#models,
    );
    this.#tables = new TablesAs(this.session, this.#loader, this.#objects, {
      evaluation: () => this.evaluation(),
      check: (insert) => {
        this.plan(insert);
      },
    });
    this.session.userFunction = (name, args, at) => this.#functions.bind(name, args, at);
  }

  /** A connector of the program at hand, beside those given at the start. */
  addConnector(connector: ConnectorDescriptor): void {
    this.#connectors.set(connector.name, connector);
  }
  #addProvider(provider: ModelProvider): void {
    this.#providers.set(provider.name, provider);
    this.addConnector(modelConnector(provider));
  }
  /** A function of the program. Throws UserError for a type that is wrong. */
  addFunction(name: string, definition: FunctionDefinition): void {
    this.#functions.add(name, definition);
  }
  /** A model of the program: CREATE TEMPORARY MODEL, whose provider is the program itself. Throws UserError. */
  addModel(name: string, definition: ModelDefinition): void {
    const provider = programProvider(`$program-${++this.#programModels}`, definition);
    const columns = (of: Readonly<Record<string, string>>): string =>
      Object.entries(of)
        .map(([column, type]) => `${quoteName(column)} ${type}`)
        .join(', ');
    const made = parseStatement(
      `CREATE TEMPORARY MODEL ${quoteName(name)} INPUT (${columns(definition.input)}) OUTPUT (${columns(definition.output)}) WITH ('provider' = '${provider.name}')`,
    ) as CreateModel;
    this.#addProvider(provider);
    this.#models.createTemporary(made);
  }
  /** CREATE TABLE at once. Throws UserError. False where it is there already, and may be. */
  createTable(statement: CreateTable): boolean {
    return this.#objects.createTable(statement);
  }
  /** Makes the table of CREATE TABLE … AS and returns the INSERT that fills it, which can be planned; nothing is kept. Throws
   *  UserError, and then there is no table. */
  tableAs(statement: CreateTableAs): InsertStatement {
    return this.#tables.planned(statement).insert;
  }
  /** The same, kept where such tables are. */
  async createTableAs(statement: CreateTableAs): Promise<InsertStatement> {
    return await this.#tables.create(statement, undefined);
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

  /** Checks a model that was created, as its first use does: its provider, its options, its module. Throws UserError. */
  async checkModel({ name }: CreateModel): Promise<void> {
    const { models } = this.session;
    const { span } = name.at(-1)!;
    const bound = models.get(this.session.path(name), span);
    const { provider, model } = modelRunsAt(bound, anyConfig, models.providers, span);
    await provider.prepare?.(model);
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

  /** Brings in what the statement names: tables of catalogs that are kept outside, and files in place of tables, which become
   *  temporary ones. Gives a table that declares no columns those that its connector finds: the statement to go on with.
   *  `execute` does it by itself; whoever only plans calls it before. Throws UserError for a file that is no table. */
  async completed(statement: Statement): Promise<Statement> {
    await this.#catalogs.refresh();
    await this.#loader.load(statement);
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
      case 'set':
        return this.#set(statement);
      case 'reset':
        this.session.settings.reset(statement.key);
        return { kind: 'ok' };
      case 'show':
        return await show(statement, this.#shown());
      case 'describe':
        return describe(statement, this.#shown());
      case 'explain':
        return this.#explain(statement);
      case 'stop-job':
        return await this.#stopJob(statement);
      case 'create-table-as': {
        const owner = options.state === undefined ? undefined : options.name;
        return await this.#tables.filled(statement, owner, (insert) => this.insert([insert], options));
      }
      case 'unsupported':
        throw unsupported(statement);
      default:
        await this.#definitions.run(statement);
        return { kind: 'ok' };
    }
  }
  #shown(): Shown {
    const { session, jobs } = this;
    return { session, jobs, loader: this.#loader, functions: this.#functions, evaluation: this.evaluation() };
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
    await this.#writersEnd(plan, options);
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
    const evaluation = this.evaluation();
    const planned = planInserts(inserts, this.session, evaluation);
    const name =
      options.name ??
      (this.session.settings.get('pipeline.name') || `insert-into_${planned.targets.join('_')}`);
    const compiled = compileJob(planned.plan);
    const evolving = EvolvingPlan.of(inserts, this.session, evaluation, compiled);
    for (const [table, why] of evolving?.why ?? [])
      this.#settings.warn?.(`table '${table}': 'add-columns' adds none in this job: ${why}`);
    const plan = evolving?.plan ?? compiled;
    await this.#writersEnd(plan, options);
    const job = this.#job(this.#freeName(name), plan, this.session.connectors, options, evolving);
    await job.start();
    if (this.session.settings.get('table.dml-sync') === 'true' && options.inBackground !== true)
      await job.done;
    return { kind: 'job', job };
  }

  async #writersEnd(plan: EngineJob['plan'], { inBackground }: JobOptions): Promise<void> {
    if (inBackground === true) return;
    const warn = this.#settings.warn ?? (() => {});
    await writersEnd(plan, this.jobs, this.session.connectors, warn);
  }
  /** The name, with a number behind it where a job of this name runs: STOP JOB means one. */
  #freeName(name: string): string {
    const taken = new Set(this.jobs.filter((j) => j.endedAt === undefined).map((j) => j.name));
    for (let n = 1; ; n++) {
      const free = n === 1 ? name : `${name}-${n}`;
      if (!taken.has(free)) return free;
    }
  }
  #job(
    name: string,
    plan: EngineJob['plan'],
    connectors: ConnectorRegistry,
    options: JobOptions,
    evolving?: EvolvingPlan,
  ): EngineJob {
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
        durability(settings, options.state, { world: this.world, name, plan, evolving, parallelism, warn }),
      newStore: this.#settings.newStore,
      // A function is a value of this thread.
      threads: parallelism > 1 && this.#functions.isEmpty ? this.#settings.threads?.() : undefined,
      lateRows: options.lateRows,
      base: options.base,
      plan: this.#settings.throughPlan?.(plan) ?? plan,
      evolving,
      throughPlan: this.#settings.throughPlan,
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
        const { insert, undo } = this.#tables.bound(statement);
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
