/* Functions of a session that are written in TypeScript or JavaScript: given by the program, or found in a module.
 *
 *   CREATE FUNCTION slug AS 'text.ts#slug' LANGUAGE TYPESCRIPT
 *     text.ts:  export const slug = { args: ['STRING'], returns: 'STRING', call: (s: string) => s.toLowerCase() };
 *
 * A module's path counts from the folder of the file that names it. */

import { UserError, type Span } from '#base';
import type { Expr } from '#expr';
import type { CreateFunction, DropStatement } from '#sql';
import { userFunction, type FunctionDefinition } from './user-function.ts';

/** Loads a module's exports. Rejects where it cannot. */
export type LoadModule = (path: string) => Promise<Readonly<Record<string, unknown>>>;

type Bound = ReturnType<typeof userFunction>;

/** Languages whose functions run on a Flink cluster alone. */
const ofTheCluster: ReadonlySet<string> = new Set(['JAVA', 'SCALA', 'PYTHON']);

export class Functions {
  readonly #bound = new Map<string, Bound>();
  readonly #load: LoadModule | undefined;

  constructor(load: LoadModule | undefined) {
    this.#load = load;
  }
  /** A function of the program, known by its name in any case. Throws UserError for a type that is wrong. */
  add(name: string, definition: FunctionDefinition): void {
    this.#bound.set(name.toLowerCase(), userFunction(name, definition));
  }
  /** A call of one of them; undefined where there is none of this name. */
  bind(name: string, args: readonly Expr[], at: Span): Expr | undefined {
    return this.#bound.get(name.toLowerCase())?.(args, at);
  }
  get isEmpty(): boolean {
    return this.#bound.size === 0;
  }

  /** CREATE FUNCTION. Throws UserError for what is not there, or is no function. */
  async create(node: CreateFunction): Promise<void> {
    const name = node.name.at(-1)!.text;
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
    if (this.#bound.has(name.toLowerCase())) {
      if (node.ifNotExists) return;
      throw new UserError('CAT2001', {
        at: node.name.at(-1)!.span,
        message: `the function "${name}" exists already`,
        hint: 'Write IF NOT EXISTS, or DROP it first.',
      });
    }
    this.add(name, await this.#definition(node, name));
  }
  async #definition({ className, span }: CreateFunction, name: string): Promise<FunctionDefinition> {
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
      throw wrong(`"${exported}" of '${path}' is no function of SQL: it needs args, returns and call`);
    return found;
  }
  /** DROP FUNCTION. Throws UserError where there is none. */
  drop({ name, ifExists, span }: DropStatement): void {
    const { text } = name.at(-1)!;
    if (this.#bound.delete(text.toLowerCase()) || ifExists) return;
    throw new UserError('CAT2022', { at: span, message: `there is no function "${text}" of this session` });
  }
}

function isDefinition(value: unknown): value is FunctionDefinition {
  if (typeof value !== 'object' || value === null) return false;
  const { args, returns, call } = value as Partial<Record<keyof FunctionDefinition, unknown>>;
  return (
    Array.isArray(args) &&
    args.every((a) => typeof a === 'string') &&
    typeof returns === 'string' &&
    typeof call === 'function'
  );
}
