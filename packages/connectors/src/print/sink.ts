/* Prints changes as Flink's print connector does: `[identifier:][subtask> ]+I[a, b]`.
 *
 *   batch ──▶ +I[1, home]      identifier and number of the instance in front, as far as there are any
 *
 * Keeps nothing: a line is out when `write` returns; while the reader lags behind, no row is taken. */

import { parseOptions, type Options } from '#catalog';
import { changeText, readValue, type Batch } from '#data';
import type { PrintLine, Sink, SinkContext } from '#dataflow';
import { printOptions } from './options.ts';
import { cellText, type CellText } from './row-text.ts';

export class PrintSink implements Sink {
  readonly #context: SinkContext;
  readonly #prefix: string;
  readonly #print: PrintLine;
  /** Set while the reader lags behind. */
  #lag: Promise<void> | undefined;
  readonly #texts: readonly CellText[];

  constructor(context: SinkContext) {
    const options = parseOptions(printOptions, context.table.options);
    this.#context = context;
    this.#prefix = prefix(options, context);
    this.#print = options.boolean('standard-error')
      ? (line) => {
          process.stderr.write(`${line}\n`);
          return undefined;
        }
      : context.print;
    this.#texts = context.fields.map((f) => cellText(f.type));
  }
  async open(): Promise<void> {}
  write(batch: Batch, from: number): number {
    const { fields } = this.#context;
    for (let row = from; row < batch.rows; row++) {
      if (this.#lag !== undefined) return row;
      const kind = changeText[batch.kinds === undefined ? 0 : batch.kinds[row]!]!;
      const cells = fields.map((f, i) => this.#texts[i]!(readValue(batch.columns[i]!, f.type, row)));
      this.#wait(this.#print(`${this.#prefix}${kind}[${cells.join(', ')}]`));
    }
    return batch.rows;
  }
  #wait(lag: Promise<void> | undefined): void {
    if (lag === undefined) return;
    this.#lag = lag.then(() => {
      this.#lag = undefined;
      this.#context.wake();
    });
  }
  async flush(): Promise<void> {
    await this.#lag;
  }
  async close(): Promise<void> {}
}

/** `identifier> `, `identifier:2> `, `2> ` or nothing. */
function prefix(options: Options, context: SinkContext): string {
  const identifier = options.string('print-identifier') ?? '';
  const subtask = context.instances > 1 ? String(context.instance + 1) : '';
  const text = [identifier, subtask].filter((part) => part !== '').join(':');
  return text === '' ? '' : `${text}> `;
}
