/* What Flink makes of cases: many in one STATEMENT SET, each into a print sink under its own name.
 *
 *   case ──▶ database with its tables ──▶ CREATE VIEW ─┬─ refused
 *                                                       └─▶ DESCRIBE ──▶ INSERT of all views in one job ──▶ changes
 *
 * A case with a sink of its own goes into a topic, and what that holds in the end is the answer. Cases of one job have the same
 * settings. Where the set fails, halves of it are asked. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Broker } from '#broker';
import { realWorld } from '#host';
import { conflictOf, sinkColumns } from '../../../tests/conformance/fuzzed-cases.ts';
import type { ConformanceTable } from '../../../tests/conformance/tables.ts';
import {
  boundedUpserts,
  fileOptions,
  fileText,
  upsertKafka,
  upsertRecords,
  withText,
} from '../../conformance/flink-tables.ts';
import { FlinkError, type FlinkSession } from '../../flink.ts';
import { askMany } from '../isolate.ts';
import { limitMs, NoAnswer, type JudgeOfMany, type Line } from '../line.ts';
import { cellText, changeKinds } from '../../conformance/queries.ts';
import { none, type Answer } from './answer.ts';
import { describe } from './described.ts';
import type { QueryCase } from './generate.ts';
import { heldRecords } from './held.ts';
import { textsOf } from './ours.ts';
import type { Change, Printed } from './printed.ts';
import { settingsText } from './settings.ts';

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
    const answers = new Map<QueryCase, Answer>();
    for (const some of Map.groupBy(cases, (c) => settingsText(c.set)).values())
      for (const [i, answer] of (await this.#askAlike(line, some)).entries()) answers.set(some[i]!, answer);
    return cases.map((c) => answers.get(c)!);
  }
  async #askAlike(line: Line, cases: readonly QueryCase[]): Promise<Answer[]> {
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
    const settings = Object.entries(cases[0]!.set ?? {});
    try {
      for (const [key, value] of settings) await run(`SET '${key}' = '${value}'`);
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
        const answer = await describe(run, asked, view);
        const full = `default_catalog.${databases.at(-1)!}.${view}`;
        const insert = await this.#insert(run, asked, `${prefix}-${i}`, full, answer);
        if (typeof insert === 'string') inserts.push(insert);
        answers.push(typeof insert === 'string' ? answer : insert);
      }
      if (inserts.length > 0) await run(`EXECUTE STATEMENT SET BEGIN\n${inserts.join(';\n')};\nEND`);
      await this.#printed.settled();
      const given: Answer[] = [];
      for (const [i, a] of answers.entries())
        given.push(
          a.error === undefined ? { ...a, changes: await this.#given(cases[i]!, `${prefix}-${i}`, a) } : a,
        );
      return given;
    } finally {
      for (const [key] of settings) await run(`RESET '${key}'`);
      await run(`USE ${world}`);
      for (const database of databases) await run(`DROP DATABASE default_catalog.${database} CASCADE`);
      for (const i of cases.keys()) this.#printed.of(`${prefix}-${i}`);
    }
  }
  /** The INSERT of a view: into the print sink, or one of its own, which is made, and may be refused. */
  async #insert(
    run: (sql: string) => Promise<unknown>,
    { into }: QueryCase,
    id: string,
    view: string,
    answer: Answer,
  ): Promise<string | Answer> {
    if (answer.error !== undefined) return answer;
    if (into === undefined) return printText(id, view, answer);
    this.#broker.topics.create(id);
    const options = withText(upsertKafka(id, this.#broker.bootstrapServers));
    await run(`CREATE TABLE ${view}_sink (${sinkColumns(answer.columns, into)}) WITH (${options})`);
    const insert = `INSERT INTO ${view}_sink SELECT * FROM ${view}${conflictOf(into)}`;
    try {
      // Sinks are refused often, and nobody says which one of many it was.
      await run(`EXPLAIN ${insert}`);
    } catch (error) {
      if (!(error instanceof FlinkError)) throw error;
      return refusal(error);
    }
    return insert;
  }
  /** What came of it. */
  async #given({ into }: QueryCase, id: string, { columns }: Answer): Promise<Change[]> {
    if (into === undefined) return this.#printed.of(id);
    const records = this.#broker.read(id).map(({ key, value }) => ({
      key: key!.toString(),
      value: value === null ? null : value.toString(),
    }));
    await this.#broker.topics.delete(id);
    return heldRecords(records, columns);
  }
  /** The answer to one case as a client gets it: by SELECT, no sink between. */
  async askAlone(line: Line, asked: QueryCase): Promise<Answer> {
    if (asked.into !== undefined) return (await this.ask(line, [asked]))[0]!;
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
    const settings = Object.entries(asked.set ?? {});
    await run(`CREATE DATABASE default_catalog.${database}`);
    try {
      for (const [key, value] of settings) await run(`SET '${key}' = '${value}'`);
      await run(`USE default_catalog.${database}`);
      for (const table of asked.tables) await this.#create(run, table);
      const described = await describe(run, asked, 'asked');
      if (described.error !== undefined) return described;
      const { rows } = await run(asked.sql);
      const changes = rows.map(({ kind, fields }): Change => [changeKinds[kind]!, ...fields.map(cellText)]);
      return { ...described, changes: await textsOf(asked, changes) };
    } finally {
      for (const [key] of settings) await run(`RESET '${key}'`);
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

function printText(id: string, view: string, { columns }: Answer): string {
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
