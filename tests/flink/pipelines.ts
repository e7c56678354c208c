/* One file of SQL here and on a real Flink: the same topics and tables of PostgreSQL go in, and what each writes is compared as
 * text.
 *
 *   topics orders, payments, customers ─┬─▶ millrace run FILE                  ─▶ table or topic of its own ─┐
 *   table products                      └─▶ millrace run FILE --target flink   ─▶ table or topic of its own ─┴─ equal?
 *
 * What differs between the two runs stands in environment variables that the files name. */

import { join } from 'node:path';
import { Admin, ProduceAcks, Producer, stringSerializers } from '@platformatic/kafka';
import { Rng } from '#base';
import { Workspace } from '../../apps/cli/test/process.ts';
import type { TestServer } from '../../packages/connectors/test/jdbc/server.ts';
import { kafkaTool } from '../../tools/kafka.ts';

/** Where a pipeline writes: the statement that makes a table in PostgreSQL, or a topic by key. */
export const pipelines = {
  'paid-per-minute':
    'CREATE TABLE $ (window_start TIMESTAMP(3), customer TEXT, orders BIGINT NOT NULL, cities BIGINT NOT NULL, total NUMERIC(38, 2), largest NUMERIC(10, 2), mean NUMERIC(38, 6), as_double DOUBLE PRECISION, first_code INT, PRIMARY KEY (window_start, customer))',
  'by-region': 'topic',
  'top-orders':
    'CREATE TABLE $ (category TEXT, place BIGINT, id BIGINT, product TEXT, amount NUMERIC(10, 2), below_price BOOLEAN, PRIMARY KEY (category, place))',
} as const;
export type PipelineName = keyof typeof pipelines;

const orders = 3000;
const base = Date.UTC(2024, 0, 1);
const timeText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').slice(0, -1);

interface Message {
  readonly topic: string;
  readonly key?: string;
  readonly value: string;
}

/** By chance from one seed: amounts that are NULL, customers that nobody knows, orders nobody pays or that are paid too
 *  late, payments without an order, customers that move and leave. Times go back by at most 4 s, but for one row in 50,
 *  which is two minutes old. */
function inputs(topics: Readonly<Record<'orders' | 'payments' | 'customers', string>>): Message[] {
  const rng = new Rng(20240101);
  const below = (n: number): number => rng.below(n);
  const pick = <T>(...of: readonly T[]): T => of[below(of.length)]!;
  const customer = (): string => `c${below(40)}`;
  const made: Message[] = [];
  for (let id = 0; id < orders; id++) {
    const at = base + id * 400 - below(4000) - (below(50) === 0 ? 120_000 : 0);
    made.push({
      topic: topics.orders,
      value: JSON.stringify({
        id,
        customer: below(20) === 0 ? null : customer(),
        product: below(60),
        amount: below(15) === 0 ? null : below(20_000) / 100,
        status: pick('paid', 'paid', 'open', null),
        place: below(10) === 0 ? null : { city: pick('Oslo', 'Köln', '東京', null), codes: [below(9), 1] },
        ts: timeText(at),
      }),
    });
    // Its time goes back by less than the watermark waits, or the row would be late for one of the two by chance.
    const paid = { order_id: below(50) === 0 ? -id : id, method: pick('card', 'bank', null) };
    const paidAt = base + id * 400 + pick(0, 200, 900) - below(4000);
    for (let times = pick(0, 1, 1, 1, 2); times > 0; times--)
      made.push({ topic: topics.payments, value: JSON.stringify({ ...paid, ts: timeText(paidAt + times) }) });
    if (id % 10 === 0) {
      const name = customer();
      made.push({
        topic: topics.customers,
        key: JSON.stringify({ customer: name }),
        value: below(6) === 0 ? '' : JSON.stringify({ customer: name, region: pick('north', 'south', null) }),
      });
    }
  }
  return made;
}

export class Pipelines {
  readonly #work = new Workspace();
  readonly #kafka: string;
  readonly #postgres: TestServer;
  /** Topics and tables of one run of the tests. Flink quotes no names of tables in PostgreSQL. */
  readonly #prefix = `pipeline_${process.pid}_${Date.now()}`;

  private constructor(kafka: string, postgres: TestServer) {
    this.#kafka = kafka;
    this.#postgres = postgres;
  }
  static async start(kafka: string, postgres: TestServer): Promise<Pipelines> {
    const made = new Pipelines(kafka, postgres);
    await made.#fill();
    return made;
  }
  close(): void {
    this.#work.close();
  }

  async #fill(): Promise<void> {
    const topics = {
      orders: this.#name('orders'),
      payments: this.#name('payments'),
      customers: this.#name('customers'),
    };
    const client = { clientId: 'outside', bootstrapBrokers: [this.#kafka] };
    const admin = new Admin(client);
    const results = Object.keys(pipelines).flatMap((name) => [
      this.#name(`${name}-here`),
      this.#name(`${name}-there`),
    ]);
    await admin.createTopics({ topics: [...Object.values(topics), ...results], partitions: 1, replicas: 1 });
    await admin.close();
    const producer = new Producer({ ...client, serializers: stringSerializers, acks: ProduceAcks.ALL });
    // A message without a value deletes its key.
    const messages = inputs(topics).map(({ topic, key, value }) => ({
      topic,
      partition: 0,
      ...(key !== undefined && { key }),
      ...(value !== '' && { value }),
    }));
    for (let from = 0; from < messages.length; from += 500)
      await producer.send({ messages: messages.slice(from, from + 500) });
    await producer.close();
    await this.#postgres.query(
      'CREATE TABLE IF NOT EXISTS products (id INT PRIMARY KEY, name TEXT, category TEXT, price NUMERIC(10, 2))',
    );
    await this.#postgres.query(
      `INSERT INTO products SELECT i, 'product ' || i, NULLIF('category ' || i % 5, 'category 4'), i * 2.5
        FROM generate_series(0, 49) AS i ON CONFLICT DO NOTHING`,
    );
  }
  #name(name: string): string {
    return `${this.#prefix}_${name.replaceAll('-', '_')}`;
  }

  /** What the pipeline writes, run with those arguments behind the file: rows of PostgreSQL in order, or of a topic the last
   *  value of each key. */
  async run(name: PipelineName, where: 'here' | 'there', args: readonly string[]): Promise<string[]> {
    const result = this.#name(`${name}-${where}`);
    const made = pipelines[name];
    if (made !== 'topic') await this.#postgres.query(made.replace('$', `"${result}"`));
    const ran = await this.#work.run(
      ['run', join(import.meta.dirname, 'pipelines', `${name}.sql`), ...args],
      '',
      this.#environment(result),
    );
    if (ran.code !== 0) throw new Error(`${name} ${where} ended with ${ran.code}:\n${ran.out}${ran.err}`);
    if (made === 'topic') return await this.#lastValues(result);
    const rows = await this.#postgres.query(`SELECT * FROM "${result}" ORDER BY 1, 2`);
    return rows.map((row) => row.join(' | '));
  }

  #environment(result: string): Record<string, string> {
    const { url = '', username = '', password = '' } = this.#postgres.options;
    return {
      PIPELINE_KAFKA: this.#kafka,
      PIPELINE_ORDERS: this.#name('orders'),
      PIPELINE_PAYMENTS: this.#name('payments'),
      PIPELINE_CUSTOMERS: this.#name('customers'),
      PIPELINE_POSTGRES: url,
      PIPELINE_USER: username,
      PIPELINE_PASSWORD: password,
      PIPELINE_RESULT: result,
    };
  }

  async #lastValues(topic: string): Promise<string[]> {
    const printed = await kafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer', [
      ...['--bootstrap-server', this.#kafka, '--topic', topic, '--from-beginning', '--timeout-ms', '3000'],
      ...['--property', 'print.key=true', '--property', 'key.separator= => '],
    ]);
    const last = new Map<string, string>();
    for (const line of printed.trim().split('\n')) {
      const [key = '', value = ''] = line.split(' => ');
      if (value === 'null') last.delete(key);
      else last.set(key, value);
    }
    return [...last].map((pair) => pair.join(' => ')).toSorted();
  }
}
