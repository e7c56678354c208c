/* Prints changes as Flink's print connector does: `[identifier:][subtask> ]+I[a, b]`.
 *
 *   batch ──▶ +I[1, home]      identifier and number of the instance in front, as far as there are any
 *
 * Keeps nothing: a line is out when `write` returns. */

import { parseOptions, type Options } from '#catalog';
import { changeText, readValue, type Batch } from '#data';
import type { Sink, SinkContext } from '#dataflow';
import { printOptions } from './options.ts';
import { cellText, type CellText } from './row-text.ts';

export class PrintSink implements Sink {
  readonly #context: SinkContext;
  readonly #prefix: string;
  readonly #print: (line: string) => void;
  readonly #texts: readonly CellText[];

  constructor(context: SinkContext) {
    const options = parseOptions(printOptions, context.table.options);
    this.#context = context;
    this.#prefix = prefix(options, context);
    this.#print = options.boolean('standard-error')
      ? (line) => {
          process.stderr.write(`${line}\n`);
        }
      : context.print;
    this.#texts = context.fields.map((f) => cellText(f.type));
  }
  async open(): Promise<void> {}
  write(batch: Batch, from: number): number {
    const { fields } = this.#context;
    for (let row = from; row < batch.rows; row++) {
      const kind = changeText[batch.kinds === undefined ? 0 : batch.kinds[row]!]!;
      const cells = fields.map((f, i) => this.#texts[i]!(readValue(batch.columns[i]!, f.type, row)));
      this.#print(`${this.#prefix}${kind}[${cells.join(', ')}]`);
    }
    return batch.rows;
  }
  async flush(): Promise<void> {}
  async close(): Promise<void> {}
}

/** `identifier> `, `identifier:2> `, `2> ` or nothing. */
function prefix(options: Options, context: SinkContext): string {
  const identifier = options.string('print-identifier') ?? '';
  const subtask = context.instances > 1 ? String(context.instance + 1) : '';
  const text = [identifier, subtask].filter((part) => part !== '').join(':');
  return text === '' ? '' : `${text}> `;
}
