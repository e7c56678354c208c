/* Runs one test file in one mode: statements and directives in order, until one does not hold. */

import { type MillraceError, toMillraceError, UserError } from '#base';
import { idleMark, type LogicalType, type Row, type Value } from '#data';
import { parseTimestamp } from '#expr';
import type { ConnectorRegistry, ModelProvider } from '#catalog';
import type { LoadModule } from '#engine';
import type { LoadChecks } from '#plan';
import { parseScript, type Statement } from '#sql';
import { connectorTable, planText, planQuery } from '#plan';
import {
  netCounts,
  netRows,
  parseRow,
  rowKey,
  rowText,
  sameRow,
  upsertRows,
  type KindedRow,
} from './cells.ts';
import { comparedRows } from './compared-rows.ts';
import { overTest } from './include.ts';
import type { Directive, Item } from './parse.ts';
import { TestSession, type Mode } from './session.ts';
import { writableKeys } from '../test-connector.ts';

export interface Failure {
  readonly line: number;
  readonly message: string;
  readonly expected: readonly string[];
  readonly actual: readonly string[];
}
export interface FileResult {
  readonly failure: Failure | undefined;
  /** What each block should say: for --update. */
  readonly blocks: ReadonlyMap<Directive, readonly string[]>;
}

class Mismatch extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

export interface RunOptions {
  readonly mode: Mode;
  readonly seed: number;
  readonly connectors: ConnectorRegistry;
  readonly modelProviders?: readonly ModelProvider[] | undefined;
  readonly loadModule?: LoadModule | undefined;
  readonly loadChecks?: LoadChecks | undefined;
  readonly style: 'table' | 'json';
  /** Blocks are recorded instead of compared. */
  readonly update: boolean;
}

export async function runItems(
  items: readonly Item[],
  options: RunOptions,
): Promise<FileResult & { readonly session: TestSession }> {
  const run = new FileRun(items, options);
  const failure = await run.all();
  return { failure, blocks: run.blocks, session: run.session };
}

class FileRun {
  readonly session: TestSession;
  readonly blocks = new Map<Directive, readonly string[]>();
  readonly #items: readonly Item[];
  readonly #options: RunOptions;
  /** How many changes of each thing were looked at. */
  readonly #looked = new Map<string, number>();
  #unnamed = 0;

  constructor(items: readonly Item[], options: RunOptions) {
    this.#items = items;
    this.#options = options;
    const asksLate = items.some((item) => item.kind === 'directive' && item.word === 'late');
    this.session = new TestSession(options.mode, options.seed, { ...options, asksLate });
  }

  async all(): Promise<Failure | undefined> {
    try {
      for (const item of this.#items) await this.#expecting(item);
      return undefined;
    } catch (thrown) {
      if (thrown instanceof Mismatch) return thrown.failure;
      throw thrown;
    } finally {
      await this.session.close();
    }
  }

  /** Runs an item; with an `error` in front it must fail so, else it must not. */
  async #expecting(item: Item): Promise<void> {
    const moves = item.kind === 'statement' || ['push', 'watermark', 'clock', 'end'].includes(item.word);
    let thrown: unknown;
    try {
      if (item.kind === 'statement') await this.#statement(item);
      else await this.#directive(item);
      if (moves) thrown = this.session.takeFailure();
    } catch (error) {
      if (error instanceof Mismatch) throw error;
      thrown = error;
    }
    if (thrown === undefined) {
      if (item.error !== undefined)
        throw this.#mismatch(item, 'it should have failed', [`error ${item.error}`], ['it did not fail']);
      return;
    }
    const error = toMillraceError(thrown);
    if (item.error !== undefined && matches(error, item.error)) return;
    if (error.class === 'bug' && item.error === undefined && thrown instanceof Error)
      console.error(thrown.stack);
    throw this.#mismatch(
      item,
      `${error.code}: ${error.message}`,
      item.error === undefined ? [] : [`error ${item.error}`],
      [`error ${error.code}: ${error.message}${error.hint ? ` (${error.hint})` : ''}`],
    );
  }
  #mismatch(
    item: { readonly line: number; readonly origin?: string },
    message: string,
    expected: readonly string[],
    actual: readonly string[],
  ): Mismatch {
    const where = item.origin === undefined ? '' : `in ${item.origin}: `;
    return new Mismatch({ line: item.line, message: where + message, expected, actual });
  }

  async #statement(item: Extract<Item, { kind: 'statement' }>): Promise<void> {
    for (const { statement: written } of parseScript(item.text)) {
      const statement =
        item.swap === true && written.kind === 'create-table'
          ? overTest(written, this.session.executor.session)
          : written;
      if (statement.kind === 'select-statement') {
        await this.session.executor.completed(statement);
        await this.session.startQuery(item.name ?? `select-${++this.#unnamed}`, statement.query);
      } else if (statement.kind === 'insert' || statement.kind === 'statement-set') {
        await this.session.executor.completed(statement);
        await this.session.startInserts(
          item.name ?? `insert-${++this.#unnamed}`,
          statement.kind === 'insert' ? [statement] : statement.inserts,
        );
      } else if (statement.kind === 'create-table-as') {
        await this.session.executor.completed(statement);
        const insert = await this.session.executor.createTableAs(statement);
        await this.session.startInserts(item.name ?? `insert-${++this.#unnamed}`, [insert]);
      } else {
        await this.session.executor.execute(statement);
        if (statement.kind === 'create-view') await this.#startView(statement, item);
      }
    }
  }
  /** A view's query runs from its CREATE on, if a later directive names it. */
  async #startView(statement: Extract<Statement, { kind: 'create-view' }>, item: Item): Promise<void> {
    const name = statement.name.at(-1)!.text;
    const later = this.#items.slice(this.#items.indexOf(item) + 1);
    const asked = later.some(
      (d) =>
        d.kind === 'directive' && ['changes', 'rows', 'late'].includes(d.word) && subject(d.args) === name,
    );
    if (asked) await this.session.startQuery(name, selectAll(name));
  }

  async #directive(d: Directive): Promise<void> {
    switch (d.word) {
      case 'mode':
        return;
      case 'push':
        return await this.#push(d);
      case 'watermark':
        return await this.#watermark(d);
      case 'clock':
        return await this.session.moveClock(timestampMs(d.args, d));
      case 'end':
        return await this.#end(d.args);
      case 'changes':
        return this.#changes(d);
      case 'rows':
        return this.#rows(d);
      case 'late':
        return this.#late(d);
      case 'plan':
        return this.#plan(d);
      case 'checkpoint':
        return await this.session.checkpoint();
      case 'crash':
        return await this.session.crash();
      case 'savepoint':
      case 'restore':
        if (d.args === '')
          throw new UserError('SLT1002', {
            message: `write: ${d.word} NAME`,
            at: { start: 0, end: 0, line: d.line, column: 1 },
          });
        return await this.session[d.word](d.args);
      default:
        throw new UserError('SLT1003', {
          message: `the directive "${d.word}" is not supported yet`,
          at: { start: 0, end: 0, line: d.line, column: 1 },
        });
    }
  }

  #table(name: string): Extract<ReturnType<TestSession['executor']['session']['get']>, { kind: 'table' }> {
    const object = this.session.executor.session.get([
      { text: name, quoted: false, span: { start: 0, end: 0, line: 1, column: 1 } },
    ]);
    if (object.kind !== 'table')
      throw new UserError('SLT1004', { message: `"${name}" is a view: rows are pushed into tables` });
    return object;
  }
  async #push(d: Directive): Promise<void> {
    const table = this.#table(d.args);
    const columns = table.columns.filter((c) => c.kind !== 'computed');
    const rows = d.block.map(({ text, line }) => {
      const { kind, row } = parseRow(
        text,
        columns.map((c) => c.type),
        line,
      );
      const physical = new Map<string, Value>();
      const metadata = new Map<string, Value>();
      columns.forEach((c, i) => {
        (c.kind === 'metadata' ? metadata : physical).set(c.kind === 'metadata' ? c.key : c.name, row[i]!);
      });
      return { kind, physical, metadata };
    });
    await this.session.feed(() => {
      this.session.board.push(table.path, rows);
    });
  }
  async #watermark(d: Directive): Promise<void> {
    const [, name, text] = /^(\S+)\s+(.+)$/.exec(d.args) ?? [];
    if (name === undefined)
      throw new UserError('SLT1002', { message: `write: watermark T '2024-01-01 12:00:00'` });
    const ms = text === 'idle' ? idleMark : timestampMs(text!, d);
    await this.session.feed(() => {
      this.session.board.watermark(this.#table(name).path, ms);
    });
  }
  async #end(name: string): Promise<void> {
    const tables =
      name === ''
        ? this.session.executor.session.list().filter((o) => o.kind === 'table')
        : [this.#table(name)];
    await this.session.feed(() => {
      for (const t of tables) this.session.board.end(t.path);
    });
  }

  /** All changes of a view, SELECT or sink so far, with its column types. */
  #changesOf(
    name: string,
    d: Directive,
  ): { changes: readonly KindedRow[]; types: LogicalType[]; key: readonly number[] | undefined } {
    const running = this.session.running(name);
    if (running !== undefined && running.fields.length > 0)
      return { changes: running.collected, types: running.fields.map((f) => f.type), key: undefined };
    const object = this.session.executor.session.find(
      this.session.executor.session.path([
        { text: name, quoted: false, span: { start: 0, end: 0, line: 1, column: 1 } },
      ]),
    );
    if (object?.kind !== 'table')
      throw this.#mismatch(d, `there is no view, sink or named SELECT "${name}"`, [], []);
    const physical = object.columns.filter((c) => c.kind === 'physical');
    const keys = writableKeys(connectorTable(object));
    const metadata = object.columns
      .filter((c) => c.kind === 'metadata')
      .filter((c) => !c.virtual)
      .sort((a, b) => keys.indexOf(a.key) - keys.indexOf(b.key));
    const columns: readonly (typeof object.columns)[number][] = [...physical, ...metadata];
    const written = this.session.board.table(object.path).written;
    const key =
      object.primaryKey.length === 0
        ? undefined
        : object.primaryKey.map((k) => columns.indexOf(object.columns[k]!));
    return { changes: written, types: columns.map((c) => c.type), key };
  }

  #changes(d: Directive): void {
    const name = subject(d.args);
    const how = d.args.slice(name.length).trim();
    const { changes, types, key } = this.#changesOf(name, d);
    const from = this.#looked.get(name) ?? 0;
    this.#looked.set(name, changes.length);
    const actual = changes.slice(from);
    this.#record(d, actual, types, true);
    if (this.#options.update) return;
    const expected = this.#expectedRows(d, types);
    const [asked, found] = [comparedRows(expected, types), comparedRows(actual, types)];
    const plain = this.#options.mode === 'plain';
    if (plain && how !== 'net') {
      const same =
        how === 'unordered'
          ? sameMultiset(asked, found)
          : asked.length === found.length &&
            asked.every((e, i) => e.kind === found[i]!.kind && sameRow(e.row, found[i]!.row));
      if (!same) throw this.#different(d, expected, actual, types, true);
    } else if (!this.#sameNet(comparedRows(changes.slice(0, from), types), asked, found, key))
      throw this.#different(d, expected, actual, types, true);
  }
  /** Equal net effect; by key where the sink is written by key, since such changes leave the old row unsaid. */
  #sameNet(
    before: readonly KindedRow[],
    expected: readonly KindedRow[],
    actual: readonly KindedRow[],
    key: readonly number[] | undefined,
  ): boolean {
    if (key !== undefined)
      return sameRows(upsertRows([...before, ...expected], key), upsertRows([...before, ...actual], key));
    const a = netCounts(expected);
    const b = netCounts(actual);
    return a.size === b.size && [...a].every(([k, { count }]) => b.get(k)?.count === count);
  }
  #rows(d: Directive): void {
    const { changes, types, key } = this.#changesOf(subject(d.args), d);
    const upserts = key !== undefined && !changes.some((c) => c.kind === 1);
    const actual = (upserts ? upsertRows(changes, key) : netRows(changes)).map((row) => ({ kind: 0, row }));
    this.#record(d, actual, types, false);
    if (this.#options.update) return;
    const expected = this.#expectedRows(d, types);
    if (!sameMultiset(comparedRows(expected, types), comparedRows(actual, types)))
      throw this.#different(d, expected, actual, types, false);
  }
  #expectedRows(d: Directive, types: readonly LogicalType[]): readonly KindedRow[] {
    if (d.block.length === 1 && d.block[0]!.text === '(none)') return [];
    return d.block.map(({ text, line }) => parseRow(text, types, line));
  }
  #record(d: Directive, rows: readonly KindedRow[], types: readonly LogicalType[], withKind: boolean): void {
    this.blocks.set(
      d,
      rows.length === 0 ? ['(none)'] : rows.map((r) => rowText(r, types, this.#options.style, withKind)),
    );
  }
  #different(
    d: Directive,
    expected: readonly KindedRow[],
    actual: readonly KindedRow[],
    types: readonly LogicalType[],
    withKind: boolean,
  ): Mismatch {
    const show = (rows: readonly KindedRow[]): string[] =>
      rows.length === 0 ? ['(none)'] : rows.map((r) => rowText(r, types, 'table', withKind));
    return this.#mismatch(d, `${d.word} ${d.args} differs`, show(expected), show(actual));
  }

  #late(d: Directive): void {
    const name = subject(d.args);
    const rest = d.args.slice(name.length).trim();
    const late = this.session.late(name);
    if (/^\d+$/.test(rest)) {
      if (late.length !== Number(rest))
        throw this.#mismatch(d, `late ${name}`, [rest], [String(late.length)]);
      return;
    }
    const columns =
      /^\((.*)\)$/
        .exec(rest)?.[1]
        ?.split(',')
        .map((c) => c.trim()) ?? [];
    const types = columns.map((c) => this.#lateType(name, c, d));
    const actual = late.map(
      (l): KindedRow => ({ kind: 0, row: columns.map((c) => (l.cells.get(c) ?? null) as Value) }),
    );
    this.#record(d, actual, types, false);
    if (this.#options.update) return;
    const expected = this.#expectedRows(d, types);
    if (!sameMultiset(comparedRows(expected, types), comparedRows(actual, types)))
      throw this.#different(d, expected, actual, types, false);
  }
  #lateType(name: string, column: string, d: Directive): LogicalType {
    for (const running of this.session.running(name)
      ? [this.session.running(name)!]
      : this.session.names.map((n) => this.session.running(n)!)) {
      for (const node of running.job.plan.nodes) {
        if (node.kind !== 'operator') continue;
        const at = node.inputNames[0]!.indexOf(column);
        if (at >= 0) return node.inputTypes[0]![at]!;
      }
    }
    throw this.#mismatch(d, `no operator of "${name}" reads a column "${column}"`, [], []);
  }

  #plan(d: Directive): void {
    const { executor } = this.session;
    const { plan } = planQuery(selectAll(d.args), executor.session, executor.evaluation(), d.args);
    const actual = planText(plan).split('\n');
    this.blocks.set(d, actual);
    if (this.#options.update) return;
    const expected = d.block.map((b) => b.text);
    if (expected.length !== actual.length || expected.some((e, i) => e !== actual[i]!.trim()))
      throw this.#mismatch(d, `plan ${d.args} differs`, expected, actual);
  }
}

const subject = (args: string): string => /^\S+/.exec(args)?.[0] ?? '';
function selectAll(name: string): Extract<Statement, { kind: 'select-statement' }>['query'] {
  const [parsed] = parseScript(`SELECT * FROM \`${name.replaceAll('`', '``')}\``);
  return (parsed!.statement as Extract<Statement, { kind: 'select-statement' }>).query;
}
function timestampMs(text: string, d: Directive): number {
  const at = parseTimestamp(text.replace(/^'(.*)'$/, '$1'));
  if (at === undefined)
    throw new UserError('SLT1002', {
      message: `${text} is not a timestamp`,
      at: { start: 0, end: 0, line: d.line, column: 1 },
    });
  return at.ms;
}
function sameMultiset(a: readonly KindedRow[], b: readonly KindedRow[]): boolean {
  if (a.length !== b.length) return false;
  const rest = [...b];
  return a.every((x) => {
    const at = rest.findIndex((y) => x.kind === y.kind && sameRow(x.row, y.row));
    if (at < 0) return false;
    rest.splice(at, 1);
    return true;
  });
}
const sameRows = (a: readonly Row[], b: readonly Row[]): boolean => {
  const keys = (rows: readonly Row[]): string[] => rows.map(rowKey).sort();
  return JSON.stringify(keys(a)) === JSON.stringify(keys(b));
};
/** A part of code, message or hint, in any case. */
function matches(error: MillraceError, text: string): boolean {
  const wanted = text.replace(/^'(.*)'$/, '$1').toLowerCase();
  return [error.code, error.message, error.hint ?? ''].some((t) => t.toLowerCase().includes(wanted));
}
