/* What Flink makes of cases: many in one STATEMENT SET, each into a print sink under its own name.
 *
 *   case ──▶ database with its tables ──▶ CREATE VIEW ─┬─ refused
 *                                                       └─▶ DESCRIBE ──▶ INSERT of all views in one job ──▶ changes
 *
 * Where the set fails, halves of it are asked. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Broker } from '#broker';
import { realWorld } from '#host';
import type { ConformanceTable } from '../../../tests/conformance/tables.ts';
import {
  boundedUpserts,
  fileOptions,
  fileText,
  upsertRecords,
  withText,
} from '../../conformance/flink-tables.ts';
import { FlinkError, type FlinkSession } from '../../flink.ts';
import { askMany } from '../isolate.ts';
import { limitMs, NoAnswer, type JudgeOfMany, type Line } from '../line.ts';
import { cellText, changeKinds } from '../../conformance/queries.ts';
import { none, type Answer, type Described } from './answer.ts';
import type { QueryCase } from './generate.ts';
import { textsOf } from './ours.ts';
import type { Change, Printed } from './printed.ts';

/** How long the job of one case may take. */
const aloneMs = 30_000;
const world = 'default_catalog.default_database';

/** Flink with what its tables read, and what its sinks print. */
export class QueryJudge {
  readonly #judge: JudgeOfMany;
  readonly #printed: Printed;
  readonly #broker: Broker;
  #count = 0;
  readonly #files = new Map<readonly unknown[], Record<string, string>>();

  private constructor(judge: JudgeOfMany, printed: Printed, broker: Broker) {
    this.#judge = judge;
    this.#printed = printed;
    this.#broker = broker;
  }
  static async start(judge: JudgeOfMany, printed: Printed): Promise<QueryJudge> {
    return new QueryJudge(judge, printed, await Broker.start({ port: 0, world: realWorld() }));
  }
  async close(): Promise<void> {
    await this.#broker.stop();
  }
  line(): Line {
    return this.#judge.line();
  }
  get renewals(): number {
    return this.#judge.renewals;
  }

  /** Answers in the order of the cases. */
  async ask(line: Line, cases: readonly QueryCase[]): Promise<Answer[]> {
    return await askMany<QueryCase, Answer>(cases, {
      text: () => '',
      ask: async (some) => await this.#together(line, some),
      refusal: (error) => refusal(error),
    });
  }
  /** In one job. Where Flink stands still, one after the other: halves would stand as often as they are halved. */
  async #together(line: Line, cases: readonly QueryCase[]): Promise<Answer[]> {
    const alone = cases.length === 1;
    try {
      return await line.within((session) => this.#askAll(session, cases, alone ? aloneMs : limitMs));
    } catch (error) {
      if (!(error instanceof NoAnswer) || alone) throw error;
      const answers: Answer[] = [];
      for (const asked of cases) answers.push(...(await this.ask(line, [asked])));
      return answers;
    }
  }
  async #askAll(session: FlinkSession, cases: readonly QueryCase[], waitMs: number): Promise<Answer[]> {
    const prefix = `q${this.#count++}`;
    const run = (sql: string): ReturnType<FlinkSession['execute']> => session.execute(sql, waitMs);
    await run(`CREATE TABLE IF NOT EXISTS ${world}.printed (v STRING) WITH ('connector' = 'print')`);
    const databases: string[] = [];
    const created = new Set<ConformanceTable>();
    const answers: Answer[] = [];
    const inserts: string[] = [];
    try {
      for (const [i, asked] of cases.entries()) {
        const before = cases[i - 1];
        if (before === undefined || !sameTables(before, asked)) {
          databases.push(`${prefix}_${i}`);
          await run(`CREATE DATABASE default_catalog.${databases.at(-1)!}`);
          await run(`USE default_catalog.${databases.at(-1)!}`);
          created.clear();
        }
        for (const table of asked.tables.filter((t) => !created.has(t))) await this.#create(run, table);
        for (const table of asked.tables) created.add(table);
        const view = `asked_${i}`;
        answers.push(await describe(run, asked, view));
        if (answers[i]!.error === undefined)
          inserts.push(
            insertText(`${prefix}-${i}`, `default_catalog.${databases.at(-1)!}.${view}`, answers[i]!),
          );
      }
      if (inserts.length > 0) await run(`EXECUTE STATEMENT SET BEGIN\n${inserts.join(';\n')};\nEND`);
      await this.#printed.settled();
      return answers.map((a, i) =>
        a.error === undefined ? { ...a, changes: this.#printed.of(`${prefix}-${i}`) } : a,
      );
    } finally {
      await run(`USE ${world}`);
      for (const database of databases) await run(`DROP DATABASE default_catalog.${database} CASCADE`);
      for (const i of cases.keys()) this.#printed.of(`${prefix}-${i}`);
    }
  }
  /** The answer to one case as a client gets it: by SELECT, no sink between. */
  async askAlone(line: Line, asked: QueryCase): Promise<Answer> {
    try {
      return await line.within((session) => this.#select(session, asked));
    } catch (error) {
      if (error instanceof FlinkError || error instanceof NoAnswer) return refusal(error);
      throw error;
    }
  }
  async #select(session: FlinkSession, asked: QueryCase): Promise<Answer> {
    const database = `q${this.#count++}`;
    const run = (sql: string): ReturnType<FlinkSession['execute']> => session.execute(sql, aloneMs);
    await run(`CREATE DATABASE default_catalog.${database}`);
    try {
      await run(`USE default_catalog.${database}`);
      for (const table of asked.tables) await this.#create(run, table);
      const described = await describe(run, asked, 'asked');
      if (described.error !== undefined) return described;
      const { rows } = await run(asked.sql);
      const changes = rows.map(({ kind, fields }): Change => [changeKinds[kind]!, ...fields.map(cellText)]);
      return { ...described, changes: await textsOf(asked, changes) };
    } finally {
      await run(`USE ${world}`);
      await run(`DROP DATABASE default_catalog.${database} CASCADE`);
    }
  }
  async #create(run: (sql: string) => Promise<unknown>, table: ConformanceTable): Promise<void> {
    const options = this.#files.get(table.rows) ?? this.#fill(table);
    this.#files.set(table.rows, options);
    await run(`CREATE TABLE ${table.name} (${table.columns}) WITH (${withText(options)})`);
  }
  #fill(table: ConformanceTable): Record<string, string> {
    const name = `${table.name}-${this.#count++}`;
    if (table.gives === 'upserts') {
      this.#broker.topics.create(name);
      this.#broker.produce(
        name,
        upsertRecords(table).map(([key, value]) => ({ key, value })),
      );
      return boundedUpserts(name, this.#broker.bootstrapServers);
    }
    const path = join(this.#judge.folder, `${name}.json`);
    writeFileSync(path, fileText(table));
    return fileOptions(table, path);
  }
}
const sameTables = (a: QueryCase, b: QueryCase): boolean =>
  [...a.tables, ...b.tables].every(
    (t) =>
      !a.tables.some((o) => o.name === t.name && o !== t) &&
      !b.tables.some((o) => o.name === t.name && o !== t),
  );

/** The columns of the case's query, as a view; its refusal where it is none. */
async function describe(
  run: (sql: string) => ReturnType<FlinkSession['execute']>,
  { views, sql }: QueryCase,
  name: string,
): Promise<Answer> {
  try {
    for (const view of views) await run(view.replace('CREATE VIEW', 'CREATE VIEW IF NOT EXISTS'));
    await run(`CREATE VIEW ${name} AS ${sql}`);
    const { rows } = await run(`DESCRIBE ${name}`);
    const columns = rows.map(
      ({ fields }): Described => ({
        name: String(fields[0]),
        // What the validator takes for a time attribute the planner may yet make a value.
        type: String(fields[1]).replace(/ \*\w+\*$/, ''),
        nullable: fields[2] === true || fields[2] === 'TRUE' || fields[2] === 'true',
      }),
    );
    return { columns, changes: [] };
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    return none('refused', error.reason);
  }
}
function insertText(id: string, view: string, { columns }: Answer): string {
  const cells = columns.map((c) => `CAST(\`${c.name}\` AS STRING)`).join(', ');
  return `INSERT INTO ${world}.printed /*+ OPTIONS('print-identifier' = '${id}') */ SELECT JSON_ARRAY(${cells} NULL ON NULL) FROM ${view}`;
}
function refusal(error: FlinkError | NoAnswer): Answer {
  if (error instanceof NoAnswer) return none('failed', error.message);
  const failed = /JobExecutionException|NoRestartBackoffTimeStrategy|Job failed|CompileException/.test(
    error.message,
  );
  return none(failed ? 'failed' : 'refused', error.reason);
}
