/* Functions of a session that are written in TypeScript or JavaScript: given by the program, or found in a module.
 *
 *   CREATE FUNCTION slug AS 'text.ts#slug' LANGUAGE TYPESCRIPT
 *     text.ts:  export const slug = { args: ['STRING'], returns: 'STRING', call: (s: string) => s.toLowerCase() };
 *
 * A module's path counts from the folder of the file that names it. */

import { didYouMean, UserError, type Span } from '#base';
import type { Expr } from '#expr';
import { pathText, type ConnectorDescriptor, type ObjectPath } from '#catalog';
import type { BoundTable } from '#plan';
import type { AlterFunction, CreateFunction, DropStatement } from '#sql';
import { asyncFunction, type AsyncFunction } from './async-function.ts';
import { defineProcess } from './process-function.ts';
import { defineAggregate } from './user-aggregate.ts';
import { userFunction, type FunctionDefinition } from './user-function.ts';

/** Loads a module's exports. Rejects where it cannot. */
export type LoadModule = (path: string) => Promise<Readonly<Record<string, unknown>>>;

/** A function as queries call it. `fn` is its name within: of a table function that of what gives its rows as an array. */
interface Bound {
  readonly kind: 'scalar' | 'table' | 'aggregate' | 'process';
  readonly fn: string;
  readonly call?: (args: readonly Expr[], at: Span) => Expr;
  readonly asynchronous?: AsyncFunction | undefined;
}

const kindNames = {
  table: 'a table function',
  aggregate: 'an aggregate',
  process: 'a process table function',
};

/** Throws UserError for a type that is wrong. */
function defined(name: string, definition: FunctionDefinition): Bound {
  if ('eval' in definition) return { kind: 'process', fn: defineProcess(name, definition) };
  if ('accumulate' in definition) return { kind: 'aggregate', fn: defineAggregate(name, definition) };
  if ('call' in definition) {
    const made = userFunction(name, definition);
    const asynchronous = definition.async === true ? asyncFunction(name, definition, made) : undefined;
    return { kind: 'scalar', ...made, asynchronous };
  }
  const { rows, returns, ...rest } = definition;
  const call = (...args: never[]): unknown[] => [...rows(...args)];
  return { kind: 'table', ...userFunction(name, { ...rest, returns: `ARRAY<${returns}>`, call }) };
}

/** Languages whose functions run on a Flink cluster alone. */
const ofTheCluster: ReadonlySet<string> = new Set(['JAVA', 'SCALA', 'PYTHON']);

/** Functions of the program and TEMPORARY SYSTEM ones have no database. */
const system = (name: string): string => `system ${name.toLowerCase()}`;
const inDatabase = (path: ObjectPath): string => pathText({ ...path, object: path.object.toLowerCase() });

export class Functions {
  readonly #bound = new Map<string, Bound>();
  /** Asynchronous functions that were ever called, by their name within: a job may still ask them. */
  readonly #asynchronous = new Map<string, AsyncFunction>();
  /** Table functions by their name within. */
  readonly #tables = new Map<string, Bound>();
  readonly #load: LoadModule | undefined;
  readonly #onConnector: (connector: ConnectorDescriptor) => void;
  /** A name as the catalog, the database and the function that it means. */
  readonly #path: (parts: readonly string[]) => ObjectPath;

  constructor(
    load: LoadModule | undefined,
    path: (parts: readonly string[]) => ObjectPath,
    onConnector: (connector: ConnectorDescriptor) => void,
  ) {
    this.#load = load;
    this.#onConnector = onConnector;
    this.#path = path;
  }
  /** A function of the program, known by its name in any case. Throws UserError for a type that is wrong. */
  add(name: string, definition: FunctionDefinition): void {
    this.#bound.set(system(name), defined(name, definition));
  }
  /** A call of one of them; undefined where there is none of this name. */
  bind(name: string, args: readonly Expr[], at: Span): Expr | undefined {
    const found = this.#find(name);
    // Rows of a table function are asked for under its name within.
    if (found === undefined) {
      const rows = this.#tables.get(name);
      return rows && rows.call!(args, at);
    }
    if (found.asynchronous !== undefined && !this.#asynchronous.has(found.fn)) {
      this.#asynchronous.set(found.fn, found.asynchronous);
      this.#onConnector(found.asynchronous.connector);
    }
    if (found.kind === 'scalar') return found.call!(args, at);
    throw new UserError('SQL2006', {
      at,
      message: `"${name}" is ${kindNames[found.kind]}: it has no place here`,
      hint:
        found.kind === 'aggregate'
          ? undefined
          : `Write FROM ${found.kind === 'table' ? `t, LATERAL TABLE(${name}(…)) AS r` : `${name}(TABLE t …)`}.`,
    });
  }
  /** What answers an asynchronous function, by its name within. */
  asyncTable(fn: string): BoundTable | undefined {
    return this.#asynchronous.get(fn)?.table;
  }
  /** The name within of an aggregate. */
  aggregate(name: string): string | undefined {
    const found = this.#find(name);
    return found?.kind === 'aggregate' ? found.fn : undefined;
  }
  /** The name within of what gives a table function's rows. */
  tableFunction(name: string): string | undefined {
    const found = this.#find(name);
    if (found?.kind !== 'table') return undefined;
    this.#tables.set(found.fn, found);
    return found.fn;
  }
  /** The name within of a process table function. */
  process(name: string): string | undefined {
    const found = this.#find(name);
    return found?.kind === 'process' ? found.fn : undefined;
  }
  #find(name: string): Bound | undefined {
    const parts = name.split('.');
    const own = parts.length === 1 ? this.#bound.get(system(name)) : undefined;
    return own ?? this.#bound.get(inDatabase(this.#path(parts)));
  }
  get isEmpty(): boolean {
    return this.#bound.size === 0;
  }
  has(path: ObjectPath): boolean {
    return this.#bound.has(inDatabase(path));
  }
  forget(path: ObjectPath): void {
    this.#bound.delete(inDatabase(path));
  }
  /** Names of those of the database, and of those that have none. */
  names({ catalog, database }: Pick<ObjectPath, 'catalog' | 'database'>): string[] {
    const prefix = pathText({ catalog, database, object: '' });
    const names = [...this.#bound.keys()].flatMap((key) =>
      key.startsWith('system ')
        ? [key.slice('system '.length)]
        : key.startsWith(prefix)
          ? [key.slice(prefix.length)]
          : [],
    );
    return [...new Set(names)].sort();
  }

  /** For DESCRIBE FUNCTION; undefined where there is none of this name. */
  described(name: string): readonly (readonly [string, string | null])[] | undefined {
    const parts = name.split('.');
    const key = [system(name), inDatabase(this.#path(parts))].find((k) => this.#bound.has(k));
    if (key === undefined) return undefined;
    return [['is temporary', key.startsWith('system ') ? 'true' : 'false']];
  }

  /** CREATE FUNCTION. Throws UserError for what is not there, or is no function. False where it is there already, and may be. */
  async create(node: CreateFunction): Promise<boolean> {
    const path = this.#path(node.name.map((n) => n.text));
    const key = node.system ? system(path.object) : inDatabase(path);
    checkLanguage(node, path.object);
    if (this.#bound.has(key)) {
      if (node.ifNotExists) return false;
      throw new UserError('CAT2001', {
        at: node.name.at(-1)!.span,
        message: `the function "${path.object}" exists already`,
        hint: 'Write IF NOT EXISTS, or DROP it first.',
      });
    }
    this.#bound.set(key, defined(path.object, await this.#definition(node, path.object)));
    return true;
  }
  /** A function as its catalog keeps it. */
  async define(node: CreateFunction, path: ObjectPath): Promise<void> {
    checkLanguage(node, path.object);
    this.#bound.set(inDatabase(path), defined(path.object, await this.#definition(node, path.object)));
  }
  /** ALTER FUNCTION: another module or function in its place. False where it is not there, and need not be. */
  async alter(node: AlterFunction): Promise<boolean> {
    const path = this.#path(node.name.map((n) => n.text));
    const key = node.system ? system(path.object) : inDatabase(path);
    if (!this.#bound.has(key)) {
      if (node.ifExists) return false;
      throw this.#missing(node);
    }
    checkLanguage(node, path.object);
    this.#bound.set(key, defined(path.object, await this.#definition(node, path.object)));
    return true;
  }
  #missing({ name }: Pick<DropStatement, 'name'>): UserError {
    const { text, span } = name.at(-1)!;
    const known = this.names(this.#path([text]));
    return new UserError('CAT2022', {
      at: span,
      message: `there is no function "${text}" of this session`,
      hint: didYouMean(text, known),
    });
  }
  async #definition(
    { className, span }: Pick<CreateFunction, 'className' | 'span'>,
    name: string,
  ): Promise<FunctionDefinition> {
    const [path = '', exported = name] = className.split('#');
    const wrong = (message: string, cause?: unknown): UserError =>
      new UserError('CAT2021', {
        at: span,
        message,
        hint: `A module has: export const ${exported} = { args: ['STRING'], returns: 'STRING', call: (s) => … };`,
        cause,
      });
    if (this.#load === undefined) throw wrong(`no module can be loaded here: '${path}'`);
    let module: Readonly<Record<string, unknown>>;
    try {
      module = await this.#load(path);
    } catch (thrown) {
      throw wrong(`the module '${path}' cannot be loaded: ${String((thrown as Error).message)}`, thrown);
    }
    const found = module[exported];
    if (found === undefined)
      throw wrong(`'${path}' exports no "${exported}", but ${Object.keys(module).join(', ') || 'nothing'}`);
    if (!isDefinition(found))
      throw wrong(
        `"${exported}" of '${path}' is no function of SQL: it needs args and returns, and call, rows, eval, or createAccumulator, accumulate and getValue`,
      );
    return found;
  }
  /** DROP FUNCTION. Throws UserError where there is none. */
  drop(node: DropStatement): void {
    const path = this.#path(node.name.map((n) => n.text));
    const dropped = this.#bound.delete(node.system ? system(path.object) : inDatabase(path));
    // One that the program made has no statement that would drop it.
    if (!dropped && !node.ifExists && !this.#bound.delete(system(path.object))) throw this.#missing(node);
  }
}

function checkLanguage(node: Pick<CreateFunction, 'language' | 'span'>, name: string): void {
  const language = node.language ?? 'JAVA';
  if (ofTheCluster.has(language))
    throw new UserError('CAT2020', {
      at: node.span,
      message: `the function "${name}" is written in ${language}, which runs on a Flink cluster alone`,
      hint: `CREATE FUNCTION ${name} AS 'file.ts#${name}' LANGUAGE TYPESCRIPT names one that runs here.`,
    });
  if (language !== 'TYPESCRIPT' && language !== 'JAVASCRIPT')
    throw new UserError('CAT2020', {
      at: node.span,
      message: `LANGUAGE ${language}: expected TYPESCRIPT or JAVASCRIPT`,
    });
}

function isDefinition(value: unknown): value is FunctionDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { args, returns, ...rest } = value as Readonly<Record<string, unknown>>;
  if (!Array.isArray(args) || typeof returns !== 'string') return false;
  if (typeof rest['eval'] === 'function') return args.every(isProcessArgument);
  const signed = args.every((a) => typeof a === 'string');
  const has = (...methods: readonly string[]): boolean => methods.every((m) => typeof rest[m] === 'function');
  return signed && (has('call') || has('rows') || has('createAccumulator', 'accumulate', 'getValue'));
}

function isProcessArgument(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { name, table, type } = value as Readonly<Record<string, unknown>>;
  return typeof name === 'string' && (table === 'set' || table === 'row' || typeof type === 'string');
}
