/* Operators under test, fed with changes as text.
 *
 *   '+ home 1'   a row added (+I)          '-U a 1' '+U a 2' '- a 1'   the other kinds
 *   '@ 500'      the watermark, in ms      '@ idle'                    the input becomes idle
 *
 * Cells are read by their column's type; a TIMESTAMP is written as epoch milliseconds. */

import { Rng } from '#base';
import {
  BatchFrame,
  BatchBuilder,
  idleMark,
  instant,
  readRow,
  types,
  type Batch,
  type Instant,
  type LogicalType,
  type Value,
} from '#data';
import type { AggregateCall, EvalContext } from '#expr';
import { allKeyGroups, BytesReader, BytesWriter, MemoryStore } from '#state';
import '../src/operators/all.ts';
import { operatorFactory, type OperatorSetup } from '../src/operators/table.ts';
import type { Lookup, Operator, Output } from '../src/contracts/index.ts';

const kindsIn: Readonly<Record<string, number>> = { '+': 0, '+I': 0, '-U': 1, '+U': 2, '-': 3, '-D': 3 };
const kindsOut = ['+', '-U', '+U', '-'] as const;

export const evaluation: EvalContext = {
  timeZone: 'UTC',
  now: () => 0,
  queryStart: 0,
  batchMode: false,
  rng: new Rng(1),
  legacyCast: false,
  seed: 1,
  watermark: () => -Infinity,
};

function cellIn(text: string, type: LogicalType): Value {
  if (text === 'NULL') return null;
  switch (type.kind) {
    case 'BIGINT':
      return BigInt(text);
    case 'INT':
    case 'DOUBLE':
      return Number(text);
    case 'BOOLEAN':
      return text === 'true';
    case 'TIMESTAMP':
      return instant(Number(text));
    default:
      return text;
  }
}
function cellOut(value: Value): string {
  if (value === null) return 'NULL';
  return typeof value === 'object' && 'ms' in value ? String((value as Instant).ms) : String(value);
}

export function batchOf(columnTypes: readonly LogicalType[], lines: readonly string[]): Batch {
  const builder = new BatchBuilder(columnTypes);
  for (const line of lines) {
    const [kind, ...cells] = line.split(' ');
    if (kind === '@') builder.mark(cells[0] === 'idle' ? idleMark : Number(cells[0]));
    else
      builder.appendRow(
        cells.map((c, i) => cellIn(c, columnTypes[i]!)),
        kindsIn[kind!]!,
      );
  }
  return builder.build();
}

/** What a batch says, rows and marks in their order. */
export function textOf(batch: Batch, columnTypes: readonly LogicalType[]): string[] {
  const lines: string[] = [];
  let m = 0;
  for (let row = 0; row <= batch.rows; row++) {
    for (; m < batch.marks.count && batch.marks.at[m]! <= row; m++) {
      const w = batch.marks.watermark[m]!;
      lines.push(`@ ${Number.isNaN(w) ? 'idle' : w}`);
    }
    if (row === batch.rows) break;
    lines.push(
      [
        kindsOut[batch.kinds === undefined ? 0 : batch.kinds[row]!],
        ...readRow(batch, columnTypes, row).map(cellOut),
      ].join(' '),
    );
  }
  return lines;
}

/** An output that is full after every `batches` emits until it is drained: 1 is the tightest that the contract allows. */
export class TestOutput implements Output {
  now = 0;
  readonly emitted: Batch[] = [];
  readonly #batches: number;
  #waiting = 0;

  constructor(batches = Infinity) {
    this.#batches = batches;
  }
  get full(): boolean {
    return this.#waiting >= this.#batches;
  }
  emit(batch: Batch): void {
    if (this.full) throw new Error('emit on a full output');
    this.emitted.push(copyOf(batch));
    this.#waiting++;
  }
  drain(): void {
    this.#waiting = 0;
  }
}

export interface Bench {
  readonly operator: Operator;
  readonly inputTypes: readonly LogicalType[];
  readonly outputTypes: readonly LogicalType[];
  readonly counters: Map<string, number>;
  readonly gauges: Map<string, () => number>;
  readonly late: number[];
  /** Rows of a table that was asked which cannot be read. */
  readonly unread: string[];
  /** How often the operator asked to be resumed. */
  wakes: number;
}

export function bench(
  kind: string,
  spec: unknown,
  inputTypes: readonly LogicalType[],
  outputTypes: readonly LogicalType[],
  lookup?: Lookup,
  /** Types of a second input. */
  secondTypes?: readonly LogicalType[],
): Bench {
  const counters = new Map<string, number>();
  const gauges = new Map<string, () => number>();
  const late: number[] = [];
  const unread: string[] = [];
  const made = { inputTypes, outputTypes, counters, gauges, late, unread, wakes: 0 } as Bench & {
    operator: Operator;
  };
  const setup: OperatorSetup = {
    store: new MemoryStore(),
    inputTypes: secondTypes === undefined ? [inputTypes] : [inputTypes, secondTypes],
    outputTypes,
    instance: 0,
    instances: 1,
    evaluation,
    lookup: () => lookup!,
    context: {
      wake: () => {
        made.wakes++;
      },
      signal: new AbortController().signal,
      metrics: {
        count: (name, by) => {
          counters.set(name, (counters.get(name) ?? 0) + by);
        },
        gauge: (name, read) => {
          gauges.set(name, read);
        },
      },
      lateRows: (_batch, row) => {
        late.push(row);
      },
      unread: ({ row }) => {
        unread.push(row);
      },
    },
  };
  made.operator = operatorFactory(kind)(spec, setup);
  return made;
}

/** Pushes a batch the way the scheduler does: short pushes are resumed until 'done', then go on from there. */
export function pushAll(operator: Operator, batch: Batch, out: TestOutput, input = 0): void {
  for (let from = 0; ; ) {
    out.drain();
    const next = operator.push(input, batch, from, out);
    if (next < from || next > batch.rows) throw new Error(`push went from ${from} to ${next}`);
    const short = next < batch.rows;
    if (short && next === from && !operator.busy && !out.full)
      throw new Error('push takes nothing and has nothing to resume');
    resumeAll(operator, out);
    if (!short) return;
    from = next;
  }
}
/** Resumes until nothing is left to emit. */
export function resumeAll(operator: Operator, out: TestOutput): void {
  while (operator.busy) {
    out.drain();
    operator.resume(out);
  }
  out.drain();
}

/** What was emitted is written again once it is through: who looks later keeps a copy. */
function copyOf(batch: Batch): Batch {
  const frame = new BatchFrame();
  frame.write(batch, undefined, batch.rows, batch.marks);
  return frame.view();
}

/** What came out, as text, rows and marks in order; marks that repeat are shown once. */
export function said(out: TestOutput, columnTypes: readonly LogicalType[]): string[] {
  const lines = out.emitted.flatMap((b) => textOf(b, columnTypes));
  return lines.filter((line, i) => !(line.startsWith('@') && lines[i - 1] === line));
}

/** A snapshot of `from`, as bytes, in a fresh operator of the same kind. Fails when not all of it is read. */
export function moved(from: Operator, to: Operator): Operator {
  if (from.busy) throw new Error('a busy operator is never asked for a snapshot');
  const writer = new BytesWriter();
  from.snapshot(writer);
  const reader = new BytesReader(writer.finish());
  to.restore(reader);
  if (!reader.done) throw new Error('the operator did not read all of its snapshot');
  return to;
}

/** What `from` keeps, row by row in the store of a fresh operator of the same kind: as at another parallelism. */
export function exported(from: Operator, to: Operator): Operator {
  const [source, target] = [from.store!, to.store!];
  for (const row of source.export(allKeyGroups)) target.import(structuredClone(row));
  target.importRest([source.exportRest()], 0, 1);
  to.restored!();
  return to;
}

export const call = (
  fn: string,
  args: readonly number[] = [],
  argTypes: readonly LogicalType[] = [],
  type: LogicalType = types.BIGINT,
): AggregateCall => ({ fn, args, argTypes, distinct: false, filter: undefined, type });
