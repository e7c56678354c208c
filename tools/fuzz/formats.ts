/* npm run fuzz -- formats: random tables written by Flink and by us, byte by byte, and read back by both.
 *
 *   samples ─┬─▶ Flink writes ──▶ file ─┬─▶ Flink reads
 *            │          ‖ same bytes?   └─▶ we read, the same values?
 *            └─▶ we write
 *
 * We do both twice: record by record, and as a job over files, with block encoders and scanners. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ByteWriter, Rng, UserError } from '#base';
import { parseOptions } from '#catalog';
import { BatchBuilder, type Field, type Value } from '#data';
import { evaluate, type Expr } from '#expr';
import { findFormat, FormatOptions, formatSpecs, MalformedRecord } from '#formats';
import { Scope } from '../../packages/plan/src/bind/scope.ts';
import type { Judge } from '../conformance/judge.ts';
import { FlinkError, type FlinkSession } from '../flink.ts';
import { bytesOf, EngineFiles } from './files.ts';
import { Findings } from './findings.ts';
import { bindText, context, shown } from './ours.ts';
import { rowCount, sampleColumns, sampleTable, writeSamples, type SampleColumn } from './table.ts';

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
    const { columns } = builder.build();
    if (encoder.isNull?.(columns, 0) === true) return { error: 'there is nothing for NULL' };
    const to = new ByteWriter();
    try {
      encoder.encode(columns, 0, 0, to);
      return Buffer.from(to.data.subarray(0, to.size)).toString('latin1');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { error: error.message };
    }
  });
}

interface Read {
  readonly rows: (string | null)[][];
  /** Rows of Flink's that are none here: a NOT NULL column would be NULL. */
  readonly leftOut: readonly number[];
  readonly error?: string;
}
/** The records of bytes, and the text of each cell; an error ends them. */
function read(table: Table, data: Uint8Array): Read {
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
  const leftOut: number[] = [];
  const emit = (row: readonly Value[]): void => {
    rows.push(texts.map((text) => evaluate(text, row, context) as string | null));
  };
  for (let at = 0; at < data.length; at = framing.nextStart) {
    framing.find(data, at, data.length, true);
    try {
      if (at === framing.recordEnd && decoder.decodeBlank !== undefined) decoder.decodeBlank(emit);
      else decoder.decode(data, at, framing.recordEnd, emit);
    } catch (error) {
      if (error instanceof MalformedRecord && decoder.skipsMalformed) {
        if (error.message.includes('NOT NULL')) leftOut.push(rows.length + leftOut.length);
        continue;
      }
      if (!(error instanceof UserError) && !(error instanceof MalformedRecord)) throw error;
      return { rows, leftOut, error: (error as Error).message };
    }
  }
  return { rows, leftOut };
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
  const engine = new EngineFiles();
  writeSamples(join(judge.folder, 'samples.json'));
  const samples = sampleTable('samples', join(judge.folder, 'samples.json'));
  await session.execute(samples);
  await engine.run(samples);
  const tables = Math.ceil(options.count / rowCount);
  for (let i = 0; i < tables; i++) {
    await compare({ session, engine, findings }, randomTable(rng), join(judge.folder, `table${i}`), `t${i}`);
    process.stderr.write(`\r${i + 1} of ${tables} tables, ${findings.total} rows, ${findings.size} causes `);
  }
  process.stderr.write('\n');
  if (options.report !== undefined) writeFileSync(options.report, findings.report());
  return findings;
}

interface Parties {
  readonly session: FlinkSession;
  readonly engine: EngineFiles;
  readonly findings: Findings;
}

async function compare(
  { session, engine, findings }: Parties,
  table: Table,
  folder: string,
  name: string,
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
  const create = (path: string): string =>
    `CREATE TABLE ${name} (${declared}) WITH ('connector' = 'filesystem', 'path' = 'file://${path}', 'format' = '${table.format}'${set.join('')})`;
  const names = table.columns.map((c) => `\`${c.name}\``).join(', ');
  const filter = good.length === rowCount || good.length === 0 ? '' : ` WHERE id IN (${good.join(', ')})`;
  const insert = `INSERT INTO ${name} SELECT ${names} FROM samples${filter}`;
  findings.compared(rowCount);
  const mine = good.map((row) => `${ours[row] as string}\n`).join('');
  if (good.length > 0) {
    await engine.run(create(`${folder}-ours`));
    const asJob = await engine.write(insert, `${folder}-ours`);
    await engine.run(`DROP TABLE ${name}`);
    if ('error' in asJob) findings.add(shape(table), 'we break: the sink fails', where, asJob.error, '');
    else different(findings, table, 'we break: the sink writes something else', where, mine, asJob);
  }
  try {
    await session.execute(create(folder));
    await session.execute(insert);
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    if (good.length > 0) findings.add(shape(table), 'they do not write it', where, 'written', error.reason);
    return;
  }
  if (good.length === 0)
    return findings.add(shape(table), 'we do not write it', where, JSON.stringify(ours[0]), 'written');
  const data = bytesOf(folder);
  different(findings, table, 'bytes', where, mine, data);
  const cells = table.columns.map((c, i) => `${shown(`c${i}`, isBinary(c))} AS v${i}`);
  const select = `SELECT ${cells.join(', ')} FROM ${name}`;
  let theirs: { rows: (string | null)[][]; error?: string };
  try {
    const result = await session.execute(select);
    theirs = { rows: result.rows.map((r) => r.fields as (string | null)[]) };
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    theirs = { rows: [], error: error.reason };
  }
  const back = read(table, data);
  await engine.run(create(folder));
  const scanned = await engine.read(select);
  await engine.run(`DROP TABLE ${name}`);
  otherRows(findings, table, 'we break: the source', where, scanned, back);
  const kept = theirs.rows.filter((_, i) => !back.leftOut.includes(i));
  otherRows(findings, table, '', where, back, { ...theirs, rows: kept });
}

/** The first line that differs. */
function different(
  findings: Findings,
  table: Table,
  how: string,
  where: string,
  mine: string,
  data: Buffer,
): void {
  if (data.toString('latin1') === mine) return;
  const [a, b] = [mine.split('\n'), data.toString('latin1').split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  findings.add(shape(table), how, where, JSON.stringify(a[at]), JSON.stringify(b[at]));
}

interface RowsRead {
  readonly rows: readonly (readonly (string | null)[])[];
  readonly error?: string;
}
/** The first row that differs, or that one of both reads nothing. */
function otherRows(
  findings: Findings,
  table: Table,
  who: string,
  where: string,
  mine: RowsRead,
  theirs: RowsRead,
): void {
  const add = (how: string, a: string, b: string): void => {
    findings.add(shape(table), who === '' ? how : `${who}: ${how}`, where, a, b);
  };
  if ((mine.error === undefined) !== (theirs.error === undefined))
    add(
      mine.error === undefined ? 'they do not read it' : 'we do not read it',
      mine.error ?? 'read',
      theirs.error ?? 'read',
    );
  else if (mine.error === undefined) {
    const at = theirs.rows.findIndex((row, i) => JSON.stringify(row) !== JSON.stringify(mine.rows[i]));
    if (at >= 0 || mine.rows.length !== theirs.rows.length)
      add(
        'values read',
        JSON.stringify(mine.rows[Math.max(at, 0)]),
        JSON.stringify(theirs.rows[Math.max(at, 0)]),
      );
  }
}
