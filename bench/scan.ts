/* How many records a second of CPU time do the scanners turn into columns, on one core?
 *
 * Each case lies in the thread's memory and is read again and again: by the scanner, by the format's reference decoder
 * (into a batch), and by JSON.parse of the same values (bytes → string → object). Beside it: how fast the records of a
 * file are found, in blocks and one by one; and a file through the source, from opening to closing. The best of the
 * rounds.
 *
 * Run: npm run bench -- scan [thousands of records, 50 by default] [--write]. With --write the answer goes to scan.md. */

import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { limits } from '#base';
import { parseOptions } from '#catalog';
import { BatchBuilder } from '#data';
import {
  findFormat,
  FormatOptions,
  formatSpecs,
  type FormatDescriptor,
  type RecordPositions,
  type Scanner,
} from '#formats';
import { threadMemory } from '#wasm';
import { casesOf, type Case } from './scan/cases.ts';
import { readFileCase } from './scan/files.ts';

const rounds = 5;
const roundSeconds = 0.4;
const count = 1000 * Number(process.argv.slice(3).find((a) => /^\d+$/.test(a)) ?? '50');
const memory = threadMemory();

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Records a second of CPU time: the best of the rounds, each as many passes as it takes to be measured. */
function rate(records: number, pass: () => void): number {
  pass();
  let best = 0;
  for (let round = 0; round < rounds; round++) {
    const start = cpuSeconds();
    let passes = 0;
    let seconds = 0;
    while (seconds < roundSeconds) {
      pass();
      passes++;
      seconds = cpuSeconds() - start;
    }
    best = Math.max(best, (passes * records) / seconds);
  }
  return best;
}

interface Laid {
  readonly data: Buffer;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly positions: RecordPositions;
  release(): void;
}

/** The records one behind the other in the thread's memory, a line each. */
function lay(records: readonly string[]): Laid {
  const data = Buffer.from(`${records.join('\n')}\n`);
  const region = memory.allocate(data.length)!;
  const lists = memory.allocate((records.length + 1) * 8)!;
  memory.bytes.set(data, region.address);
  const { buffer } = memory.memory;
  const starts = new Int32Array(buffer, lists.address, records.length + 1);
  const endsAddress = lists.address + (records.length + 1) * 4;
  const ends = new Int32Array(buffer, endsAddress, records.length + 1);
  let at = region.address;
  records.forEach((record, i) => {
    starts[i] = at;
    ends[i] = at + Buffer.byteLength(record);
    at = ends[i]! + 1;
  });
  return {
    data,
    starts,
    ends,
    positions: { starts, ends, startsAddress: lists.address, endsAddress },
    release: () => {
      memory.free(region);
      memory.free(lists);
    },
  };
}

function optionsOf(format: FormatDescriptor): FormatOptions {
  const prefix = `${format.name}.`;
  return new FormatOptions(parseOptions({ owner: 'bench', specs: formatSpecs(format, prefix) }, []), prefix);
}

function scanPass(scanner: Scanner, { positions }: Laid, records: number): void {
  scanner.begin();
  for (let record = 0; record < records; ) {
    record = scanner.scan(positions, record, records);
    if (record === records) break;
    if (scanner.full) {
      scanner.columns();
      scanner.begin();
    } else {
      scanner.reference(positions, record);
      record++;
    }
  }
}

interface Measured {
  readonly name: string;
  readonly rungs: string;
  readonly scanner: number;
  readonly reference: number;
  readonly jsonParse: number;
  readonly bytes: number;
}

function measure({ name, format: formatName, fields, record, records, asJson }: Case): Measured {
  const format = findFormat(formatName);
  const options = optionsOf(format);
  const laid = lay(records);
  const scanner = format.scanner!({ memory, fields, record, options, rowsMax: limits.batchRowsMax })!;
  scanPass(scanner, laid, records.length);
  Object.assign(scanner.counts, { fused: 0, generic: 0, reference: 0 });
  scanPass(scanner, laid, records.length);
  const { fused, generic, reference: slow } = scanner.counts;
  const share = (n: number): string => `${Math.round((n / records.length) * 100)}`;
  const scanned = rate(records.length, () => scanPass(scanner, laid, records.length));
  const decoder = format.decoder!(fields, options, record);
  const builder = new BatchBuilder(fields.map((f) => f.type));
  const decoded = rate(records.length, () => {
    for (let i = 0; i < records.length; i++) {
      if (builder.full) builder.build();
      decoder.decode(memory.bytes, laid.starts[i]!, laid.ends[i]!, (row) => builder.appendRow(row));
    }
  });
  const texts = asJson.map((text) => Buffer.from(text));
  const parsed = rate(records.length, () => {
    for (const text of texts) JSON.parse(text.toString());
  });
  scanner.release();
  laid.release();
  const bytes = laid.data.length / records.length;
  const rungs = `${share(fused)} / ${share(generic)} / ${share(slow)}`;
  return { name, rungs, scanner: scanned, reference: decoded, jsonParse: parsed, bytes };
}

interface Framed {
  readonly name: string;
  readonly blocks: number;
  readonly oneByOne: number;
}

function measureFraming({ name, format: formatName, records }: Case): Framed {
  const format = findFormat(formatName);
  const options = optionsOf(format);
  const laid = lay(records);
  const blocks = format.blockFraming!(memory, options)!;
  const start = laid.starts[0]!;
  const bytes = { start, end: start + laid.data.length, final: true };
  const blockRate = rate(records.length, () => {
    blocks.find(laid.positions, 0, bytes, records.length);
  });
  const framing = format.framing!(options);
  const oneRate = rate(records.length, () => {
    for (let at = 0; at < laid.data.length; at = framing.nextStart)
      framing.find(laid.data, at, laid.data.length, true);
  });
  laid.release();
  return { name, blocks: blockRate, oneByOne: oneRate };
}

const millions = (n: number): string => (n / 1e6).toFixed(2);
const times = (a: number, b: number): string => (a / b).toFixed(1);

const cases = casesOf(count);
const measured = cases.map((c) => {
  const m = measure(c);
  console.log(
    `${m.name.padEnd(50)} ${millions(m.scanner)} M/s; reference ${millions(m.reference)}, JSON.parse ${millions(m.jsonParse)}; rungs ${m.rungs}`,
  );
  return m;
});
const framed = [cases[0]!, cases[4]!, cases[6]!].map((c) => {
  const f = measureFraming(c);
  console.log(
    `finding: ${f.name.padEnd(40)} ${millions(f.blocks)} M/s in blocks, ${millions(f.oneByOne)} one by one`,
  );
  return f;
});

const fromFiles: { readonly name: string; readonly rate: number }[] = [];
for (const c of [cases[2]!, cases[4]!, cases[6]!, cases[7]!]) {
  const { rows, seconds } = await readFileCase(c, 20, 3);
  fromFiles.push({ name: c.name, rate: rows / seconds });
  console.log(`from a file: ${c.name.padEnd(50)} ${millions(rows / seconds)} M/s`);
}

if (process.argv.includes('--write')) {
  const page = [
    '# Scanning records',
    '',
    'Millions of records a second of CPU time on one core, from bytes in the thread’s memory to columns; reference: the same format’s',
    'decoder in TypeScript, into a batch; JSON.parse: of the same values as JSON. Rungs: per cent of rows fused / generic / reference.',
    `Best of ${rounds} rounds, one process. ${cpus()[0]?.model ?? ''}, ${cpus().length} cores, Node ${process.versions.node}. What is fixed stands at the head of bench/scan.ts.`,
    '',
    '| records | bytes each | rungs | scanner | reference | times | JSON.parse | times |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...measured.map(
      (m) =>
        `| ${m.name} | ${Math.round(m.bytes)} | ${m.rungs} | ${millions(m.scanner)} | ${millions(m.reference)} | ${times(m.scanner, m.reference)} | ${millions(m.jsonParse)} | ${times(m.scanner, m.jsonParse)} |`,
    ),
    '',
    'Finding the records of a file, in blocks and one by one (Buffer.indexOf for lines):',
    '',
    '| records | in blocks | one by one | times |',
    '| --- | ---: | ---: | ---: |',
    ...framed.map(
      (f) =>
        `| ${f.name} | ${millions(f.blocks)} | ${millions(f.oneByOne)} | ${times(f.blocks, f.oneByOne)} |`,
    ),
    '',
    'A file of a million records through the source of the filesystem connector, compiling included:',
    '',
    '| records | rows |',
    '| --- | ---: |',
    ...fromFiles.map((f) => `| ${f.name} | ${millions(f.rate)} |`),
    '',
  ];
  writeFileSync(join(import.meta.dirname, 'scan.md'), page.join('\n'));
}
