/* The plan of a job whose tables get columns while it runs (`millrace.schema.evolution` = 'add-columns').
 *
 *   INSERTs ─▶ plan ── a source asks for columns ─▶ the same INSERTs over wider tables ─▶ another plan, of the same operators
 *
 * A new plan goes on from a checkpoint of the old one: so every node keeps its id, and what an operator keeps is the same in both.
 * Where that would not hold, or nobody writes a new column, sources do not ask at all, and `why` says so.
 *
 * Keeps: the columns that were added, which checkpoints list; names that were refused. */

import { isDeepStrictEqual } from 'node:util';
import { assert, UserError } from '#base';
import { pathText, type ConnectorRegistry, type ConnectorTable, type ObjectPath } from '#catalog';
import { types, typeText, withNullable, type Field } from '#data';
import { isStateless } from '#dataflow';
import type { EvalContext } from '#expr';
import type { AddedColumn } from '#checkpoint';
import type { JobPlan, NodePlan, SourcePlan } from '#job';
import { bindType, carryColumns, planInserts, type NewColumn, type Session } from '#plan';
import { parseStatement, quoteName, type CreateTable, type InsertStatement } from '#sql';
import { compileJob } from '../compile.ts';

/** Columns of one table that a job gets at most: names that are data would make a column each. */
export const addedColumnsMax = 100;

/** A sink's table as it is before, and the columns that it gets. */
export interface WiderSink {
  readonly connector: string;
  readonly table: ConnectorTable;
  readonly columns: readonly Field[];
}
/** What a job becomes. */
export interface NextPlan {
  readonly plan: JobPlan;
  readonly added: readonly AddedColumn[];
  readonly sinks: readonly WiderSink[];
}

/** A name that no column can have: it stands for one of any name. */
const anyName = '$new$';

export class EvolvingPlan {
  readonly #inserts: readonly InsertStatement[];
  readonly #session: Session;
  readonly #evaluation: EvalContext;
  readonly #connectors: ConnectorRegistry;
  readonly #first: JobPlan;
  /** Table and name. */
  readonly #refused: (readonly [string, string])[] = [];
  plan: JobPlan;
  added: readonly AddedColumn[] = [];
  /** By table: why its sources ask for nothing though the table wants it. */
  readonly why = new Map<string, string>();

  private constructor(
    inserts: readonly InsertStatement[],
    session: Session,
    evaluation: EvalContext,
    plan: JobPlan,
  ) {
    this.#inserts = inserts;
    this.#session = session.copy();
    this.#evaluation = evaluation;
    this.#connectors = session.connectors;
    this.#first = plan;
    this.plan = this.#asking(plan);
  }
  /** Undefined where no source of the plan would ask for columns. */
  static of(
    inserts: readonly InsertStatement[],
    session: Session,
    evaluation: EvalContext,
    plan: JobPlan,
  ): EvolvingPlan | undefined {
    const wants = plan.nodes.some((node) => asks(node, session.connectors));
    return wants ? new EvolvingPlan(inserts, session, evaluation, plan) : undefined;
  }

  /** The plan with these columns, as a checkpoint lists them; as it is where the INSERTs carry them no more. */
  adopt(added: readonly AddedColumn[]): void {
    if (added.length === 0) return;
    try {
      const next = this.#planned(added);
      this.added = added;
      this.plan = next.plan;
    } catch (error) {
      // A query that changed goes on from a savepoint without them, and from no checkpoint.
      if (!(error instanceof UserError)) throw error;
    }
  }
  /** What the job becomes once the sources' tables have these columns as well; undefined where none of them can be had, and
   *  `refused` was told why. */
  with(
    source: string,
    columns: readonly Field[],
    refused: (column: string, why: string) => void,
  ): NextPlan | undefined {
    const table = pathText(this.#sourceOf(source).table.path);
    const known = new Set(this.added.filter((a) => a.table === table).map((a) => a.name));
    const wanted = columns.filter((c) => !known.has(c.name));
    let next: NextPlan | undefined;
    let added = this.added;
    for (const { name, type } of wanted) {
      const more = [...added, { table, name, type: typeText(withNullable(type, true)) }];
      try {
        if (more.filter((a) => a.table === table).length > addedColumnsMax)
          throw new UserError('PLAN2013', {
            message: `the table has got ${addedColumnsMax} columns in this job, and gets no more`,
          });
        next = this.#planned(more);
        added = more;
      } catch (thrown) {
        if (!(thrown instanceof UserError)) throw thrown;
        this.#refused.push([table, name]);
        refused(name, thrown.message);
      }
    }
    return next;
  }
  /** The targets have their columns. */
  take({ plan, added }: NextPlan): void {
    this.plan = plan;
    this.added = added;
  }
  /** The plan as it is, but that sources no longer ask for what was refused. */
  refresh(): void {
    this.plan = this.added.length === 0 ? this.#asking(this.#first) : this.#planned(this.added).plan;
  }
  /** For people. */
  tableOf(source: string): string {
    return this.#sourceOf(source).table.path.object;
  }
  #sourceOf(id: string): SourcePlan {
    const node = this.plan.nodes.find((n) => n.id === id);
    assert(node?.kind === 'source', 'a source asks for columns');
    return node;
  }

  #planned(added: readonly AddedColumn[]): NextPlan {
    const columns = added.flatMap((column) => this.#columnOf(column));
    if (columns.length === 0) return { plan: this.#asking(this.#first, added), added, sinks: [] };
    const carried = carryColumns(this.#inserts, this.#session, this.#evaluation, columns);
    if ('why' in carried) throw new UserError('PLAN2013', { message: carried.why });
    const { plan } = planInserts(carried.inserts, carried.session, this.#evaluation);
    const compiled = compileJob(plan);
    const differs = differenceOf(this.#first, compiled);
    if (differs !== undefined) throw new UserError('PLAN2013', { message: differs });
    return {
      plan: this.#asking(compiled, added),
      added,
      sinks: this.plan.nodes.flatMap((node): WiderSink[] => {
        if (node.kind !== 'sink') return [];
        const path = pathText(node.table.path);
        const has = new Set(node.table.physical.map((f) => f.name));
        const own = carried.written.filter((c) => pathText(c.table) === path && !has.has(c.name));
        return own.length === 0
          ? []
          : [
              {
                connector: node.connector,
                table: node.table,
                columns: own.map(({ name, type }) => ({ name, type })),
              },
            ];
      }),
    };
  }
  /** Nothing where the table has the column by now. */
  #columnOf({ table, name, type }: AddedColumn): NewColumn[] {
    const path = this.#first.nodes.flatMap((n) =>
      n.kind === 'source' && pathText(n.table.path) === table ? [n.table.path] : [],
    )[0];
    const known = path && this.#session.find(path);
    if (known?.kind !== 'table' || known.columns.some((c) => c.name === name)) return [];
    const [column] = (parseStatement(`CREATE TABLE t (${quoteName(name)} ${type})`) as CreateTable).columns;
    assert(column?.kind === 'physical', 'a column of that type');
    return [{ table: known.path, name, type: bindType(column.type) }];
  }

  /** The plan whose sources ask for columns, where someone writes them. */
  #asking(plan: JobPlan, columns: readonly AddedColumn[] = []): JobPlan {
    return {
      ...plan,
      nodes: plan.nodes.map((node): NodePlan => {
        if (!asks(node, this.#connectors)) return node;
        const table = pathText(node.table.path);
        const names = this.#takenOf(node.table.path, columns);
        if (names === undefined) return node;
        const refused = this.#refused.flatMap(([of, name]) => (of === table ? [name] : []));
        const added = columns.flatMap((c) => (c.table === table ? [c.name] : []));
        return { ...node, newColumns: { taken: [...new Set([...names, ...refused])], added } };
      }),
    };
  }
  /** Names that new columns of the table cannot have; undefined where it can have none. */
  #takenOf(path: ObjectPath, added: readonly AddedColumn[]): readonly string[] | undefined {
    const table = this.#session.find(path);
    if (table?.kind !== 'table') return undefined;
    const own = table.columns.flatMap((c) => (c.kind === 'physical' ? [] : [c.name]));
    const probe = { table: path, name: anyName, type: types.STRING };
    const columns = [...added.flatMap((column) => this.#columnOf(column)), probe];
    const carried = carryColumns(this.#inserts, this.#session, this.#evaluation, columns);
    const why = 'why' in carried ? carried.why : this.#differs(carried);
    if (why !== undefined) {
      this.why.set(path.object, why);
      return undefined;
    }
    return [...own, ...('why' in carried ? [] : carried.taken)];
  }
  #differs(carried: {
    readonly inserts: readonly InsertStatement[];
    readonly session: Session;
  }): string | undefined {
    const { plan } = planInserts(carried.inserts, carried.session, this.#evaluation);
    return differenceOf(this.#first, compileJob(plan));
  }
}

const asks = (node: NodePlan, connectors: ConnectorRegistry): node is SourcePlan =>
  node.kind === 'source' && connectors.get(node.connector)?.source?.(node.table)?.asksForColumns === true;

/** Why a plan cannot go on from a checkpoint of another; undefined where it can: its nodes are the same, and so is what each
 *  keeps between rows. */
function differenceOf(before: JobPlan, after: JobPlan): string | undefined {
  const nodes = new Map(after.nodes.map((n) => [n.id, n]));
  if (before.nodes.length !== after.nodes.length) return 'other operators would run than before';
  for (const node of before.nodes) {
    const other = nodes.get(node.id);
    if (other?.kind !== node.kind) return 'other operators would run than before';
    if (node.kind !== 'operator' || other.kind !== 'operator' || isStateless({ nodes: [node] })) continue;
    if (
      node.operator !== other.operator ||
      !isDeepStrictEqual(node.spec, other.spec) ||
      !isDeepStrictEqual(node.inputTypes, other.inputTypes)
    )
      return `what ${node.title.replace(/\(.*$/s, '')} keeps of rows would be other than before`;
  }
  return undefined;
}
