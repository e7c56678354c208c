/* npm run fuzz -- formats: random tables written by Flink and by us, byte by byte, and read back by both.
 *
 *   samples ─┬─▶ Flink writes ──▶ file ─┬─▶ Flink reads
 *            │          ‖ same bytes?   └─▶ we read, the same values?
 *            └─▶ we write
 */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByteWriter, Rng, UserError } from '#base';
import { parseOptions } from '#catalog';
import { BatchBuilder, type Field, type Value } from '#data';
import { evaluate, type Expr } from '#expr';
import { findFormat, FormatOptions, formatSpecs, MalformedRecord } from '#formats';
import { Scope } from '../../packages/plan/src/bind/scope.ts';
import type { Judge } from '../conformance/judge.ts';
import { FlinkError, type FlinkSession } from '../flink.ts';
import { Findings } from './findings.ts';
import { bindText, context, shown } from './ours.ts';
import { rowCount, sampleColumns, sampleTable, type SampleColumn } from './table.ts';

type FormatName = 'json' | 'csv' | 'raw';
interface Table {
  readonly format: FormatName;
  readonly set: Readonly<Record<string, string>>;
  readonly columns: readonly SampleColumn[];
}

const choices: Readonly<Record<FormatName, Readonly<Record<string, readonly string[]>>>> = {
  json: {
    'timestamp-format.standard': ['SQL', 'ISO-8601'],
    'map-null-key.mode': ['FAIL', 'DROP', 'LITERAL'],
    'map-null-key.literal': ['null', 'nil'],
    'encode.decimal-as-plain-number': ['true', 'false'],
    'encode.ignore-null-fields': ['true', 'false'],
    'fail-on-missing-field': ['true', 'false'],
  },
  csv: {
    'field-delimiter': [';', '|', '\t', ' '],
    'quote-character': ["'", '#'],
    'disable-quote-character': ['true'],
    'escape-character': ['\\', '~'],
    'null-literal': ['n/a', 'NULL', ''],
    'array-element-delimiter': ['|', ','],
    'write-bigdecimal-in-scientific-notation': ['true', 'false'],
    'allow-comments': ['true'],
    'ignore-parse-errors': ['true'],
  },
  raw: { endianness: ['big-endian', 'little-endian'] },
};
const nested = (sql: string): boolean => /^(?:ARRAY|MAP|ROW|MULTISET)/.test(sql);
const takes: Readonly<Record<FormatName, (sql: string) => boolean>> = {
  json: () => true,
  csv: (sql) => !/^MAP|ARRAY<ARRAY|ARRAY<ROW|MULTISET/.test(sql),
  raw: (sql) => !nested(sql) && !/^(?:DECIMAL|DATE|TIME)/.test(sql),
};

function randomTable(rng: Rng): Table {
  const format = rng.pick(['json', 'json', 'csv', 'csv', 'csv', 'raw'] as const);
  const set: Record<string, string> = {};
  for (const [key, values] of Object.entries(choices[format]))
    if (rng.double() < 0.3) set[key] = rng.pick(values);
  const fit = sampleColumns.filter((c) => takes[format](c.sql));
  const count = format === 'raw' ? 1 : rng.between(1, 5);
  return { format, set, columns: Array.from({ length: count }, () => rng.pick(fit)) };
}

const fieldsOf = ({ columns }: Table): Field[] => columns.map((c, i) => ({ name: `c${i}`, type: c.type }));
const optionsOf = ({ format, set }: Table): FormatOptions => {
  const descriptor = findFormat(format);
  const given = Object.entries(set).map(([key, value]) => ({ key: `${format}.${key}`, value }));
  return new FormatOptions(
    parseOptions({ owner: 'a table', specs: formatSpecs(descriptor, `${format}.`) }, given),
    `${format}.`,
  );
};
const label = ({ format, set }: Table): string =>
  `${format} ${Object.entries(set)
    .map(([k, v]) => `${k}=${JSON.stringify(v)}`)
    .join(' ')}`.trim();
const shape = ({ format, columns }: Table): string =>
  `${format} (${columns.map((c) => c.sql.replace(/\(.*/, '')).join(', ')})`;

/** What we would write: a record for each row, or why there is none. */
function written(table: Table): (string | { readonly error: string })[] {
  const encoder = findFormat(table.format).encoder!(fieldsOf(table), optionsOf(table));
  const types = table.columns.map((c) => c.type);
  return Array.from({ length: rowCount }, (_, row) => {
    const builder = new BatchBuilder(types);
    builder.appendRow(
      table.columns.map((c) => c.values[row]!),
      0,
    );
    const to = new ByteWriter();
    try {
      encoder.encode(builder.build().columns, 0, 0, to);
      return Buffer.from(to.data.subarray(0, to.size)).toString('latin1');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { error: error.message };
    }
  });
}

/** The records of bytes, and the text of each cell; an error ends them. */
function read(table: Table, data: Uint8Array): { rows: (string | null)[][]; error?: string } {
  const descriptor = findFormat(table.format);
  const fields = fieldsOf(table);
  const framing = descriptor.framing!(optionsOf(table));
  const decoder = descriptor.decoder!(fields, optionsOf(table));
  const scope = Scope.of(
    't',
    fields.map((f) => ({ ...f, time: undefined })),
  );
  const texts: Expr[] = table.columns.map((c, i) => bindText(shown(`c${i}`, isBinary(c)), scope));
  const rows: (string | null)[][] = [];
  try {
    for (let at = 0; at < data.length; at = framing.nextStart) {
      framing.find(data, at, data.length, true);
      const emit = (row: readonly Value[]): void => {
        rows.push(texts.map((text) => evaluate(text, row, context) as string | null));
      };
      if (at === framing.recordEnd && decoder.decodeBlank !== undefined) decoder.decodeBlank(emit);
      else decoder.decode(data, at, framing.recordEnd, emit);
    }
    return { rows };
  } catch (error) {
    if (!(error instanceof UserError) && !(error instanceof MalformedRecord)) throw error;
    return { rows, error: (error as Error).message };
  }
}
const isBinary = (c: SampleColumn): boolean => /^(?:BINARY|VARBINARY|BYTES)/.test(c.sql);

export interface FormatFuzzOptions {
  readonly seed: number;
  /** Round trips: rows, 24 to a table. */
  readonly count: number;
  readonly report?: string;
}

export async function fuzzFormats(judge: Judge, options: FormatFuzzOptions): Promise<Findings> {
  const findings = new Findings();
  const rng = new Rng(options.seed);
  const session = await judge.session();
  await session.execute(sampleTable('samples', join(judge.folder, 'samples.json')));
  const tables = Math.ceil(options.count / rowCount);
  for (let i = 0; i < tables; i++) {
    await compare(session, randomTable(rng), join(judge.folder, `table${i}`), `t${i}`, findings);
    process.stderr.write(`\r${i + 1} of ${tables} tables, ${findings.total} rows, ${findings.size} causes `);
  }
  process.stderr.write('\n');
  if (options.report !== undefined) writeFileSync(options.report, findings.report());
  return findings;
}

async function compare(
  session: FlinkSession,
  table: Table,
  folder: string,
  name: string,
  findings: Findings,
): Promise<void> {
  let ours: (string | { readonly error: string })[];
  try {
    ours = written(table);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    ours = [{ error: error.message }];
  }
  mkdirSync(folder);
  const declared = table.columns.map((c, i) => `c${i} ${c.sql}`).join(', ');
  const set = Object.entries(table.set).map(
    ([k, v]) => `, '${table.format}.${k}' = '${v.replaceAll("'", "''")}'`,
  );
  const where = `${label(table)} | ${declared}`;
  const good = ours.flatMap((o, row) => (typeof o === 'string' ? [row] : []));
  findings.compared(rowCount);
  try {
    await session.execute(
      `CREATE TABLE ${name} (${declared}) WITH ('connector' = 'filesystem', 'path' = 'file://${folder}', 'format' = '${table.format}'${set.join('')})`,
    );
    const names = table.columns.map((c) => `\`${c.name}\``).join(', ');
    const filter = good.length === rowCount || good.length === 0 ? '' : ` WHERE id IN (${good.join(', ')})`;
    await session.execute(`INSERT INTO ${name} SELECT ${names} FROM samples${filter}`);
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    if (good.length > 0) findings.add(shape(table), 'they do not write it', where, 'written', error.reason);
    return;
  }
  if (good.length === 0)
    return findings.add(shape(table), 'we do not write it', where, JSON.stringify(ours[0]), 'written');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
  const data = Buffer.concat(files.map((f) => readFileSync(join(f.parentPath, f.name))));
  const mine = good.map((row) => `${ours[row] as string}\n`).join('');
  if (data.toString('latin1') !== mine) {
    const [a, b] = [mine.split('\n'), data.toString('latin1').split('\n')];
    const at = a.findIndex((line, i) => line !== b[i]);
    findings.add(shape(table), 'bytes', where, JSON.stringify(a[at]), JSON.stringify(b[at]));
  }
  let theirs: { rows: (string | null)[][]; error?: string };
  try {
    const cells = table.columns.map((c, i) => `${shown(`c${i}`, isBinary(c))} AS v${i}`);
    const result = await session.execute(`SELECT ${cells.join(', ')} FROM ${name}`);
    theirs = { rows: result.rows.map((r) => r.fields as (string | null)[]) };
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    theirs = { rows: [], error: error.reason };
  }
  const back = read(table, data);
  if ((back.error === undefined) !== (theirs.error === undefined))
    findings.add(
      shape(table),
      back.error === undefined ? 'they do not read it' : 'we do not read it',
      where,
      back.error ?? 'read',
      theirs.error ?? 'read',
    );
  else if (back.error === undefined) {
    const at = theirs.rows.findIndex((row, i) => JSON.stringify(row) !== JSON.stringify(back.rows[i]));
    if (at >= 0 || back.rows.length !== theirs.rows.length)
      findings.add(
        shape(table),
        'values read',
        where,
        JSON.stringify(back.rows[Math.max(at, 0)]),
        JSON.stringify(theirs.rows[Math.max(at, 0)]),
      );
  }
}
