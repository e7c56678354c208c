/* millrace validate --follow: the results of a suite over a topic, window by window, as records come.
 *
 *   a table of the topic with the suite ─▶ SELECT * FROM records$quality ─▶ a line a window and expectation */

import { UserError } from '#base';
import type { Field, Row } from '#data';
import { Executor, jsonText } from '#engine';
import { realWorld } from '#host';
import { checksFrom } from '../checks.ts';
import { allConnectors } from '../connectors.ts';
import { onStop } from '../signals.ts';
import { green, out, print, readerGone, taken, warn } from '../terminal.ts';
import { clientProperties } from '../topic/address.ts';
import { topicTable } from '../topic/table.ts';
import { startOptions } from '../topic/tail.ts';
import { executeOwn } from '../own-statement.ts';
import { red, yellow } from './colors.ts';
import { duration, parametersOf, withBootstrap, type ValidateFlags } from './flags.ts';
import { startOf } from './topic.ts';

/** A critical expectation did not hold in some window; of --strict, a warning. */
const failedCode = 4;
/** Without records for so long, windows close by the clock, and a partition without any holds none back. */
const quiet = '10 s';

export async function follow(given: ValidateFlags): Promise<number> {
  const flags = withBootstrap(given);
  const { topic, suite, columns } = refused(flags);
  const forMs = flags.for === undefined ? undefined : duration('for', flags.for);
  const windowMs = duration('window', flags.window ?? '1m');
  const properties = await clientProperties(flags);
  const from = flags.last === undefined && flags.since === undefined ? 'latest' : startOf(flags);
  const world = realWorld();
  const engine = new Executor({
    world,
    connectors: allConnectors(),
    loadChecks: checksFrom('.', parametersOf(flags)),
    warn,
    print,
  });
  for (const key of ['millrace.watermark.quiet-timeout', 'table.exec.source.idle-timeout'])
    engine.session.settings.set(key, quiet);
  const record = {
    schema: `${columns}, ${eventTime(flags.timestampColumn)}`,
    ...(flags.format === undefined ? {} : { format: flags.format }),
  };
  const options = {
    ...(await startOptions(topic, properties, { partition: [], from })),
    'millrace.suite': suite,
    'millrace.suite.window': `${windowMs} ms`,
  };
  await executeOwn(engine, topicTable(topic, properties, record, options, false));
  const execution = await executeOwn(engine, 'SELECT * FROM records$quality');
  if (execution.kind !== 'query') return 1;
  const { changes, fields, job } = execution;
  const stop = onStop(() => job.cancel());
  const timer = forMs === undefined ? undefined : world.after(forMs, () => void job.cancel());
  const shown = new Windows(fields, flags.json === true, flags.strict === true);
  while (!readerGone()) {
    const part = await changes.next();
    if (part === undefined) break;
    for (const { row } of part) shown.add(row);
    await taken();
  }
  timer?.cancel();
  await job.cancel();
  stop.off();
  return stop.code === 0 && shown.failed ? failedCode : stop.code;
}

function refused(flags: ValidateFlags): { topic: string; suite: string; columns: string } {
  const { topic, suite, columns } = flags;
  const needs = { topic, suite, columns };
  for (const [flag, value] of Object.entries(needs))
    if (value === undefined)
      throw new UserError('CLI1001', {
        message: `--follow needs --${flag}`,
        hint: "millrace validate --topic orders --columns 'id INT, total DOUBLE' --suite suites/orders.json --follow",
      });
  for (const flag of ['checks', 'output', 'html', 'junit', 'history', 'alerts', 'sql'] as const)
    if (flags[flag] !== undefined)
      throw new UserError('CLI1001', { message: `--${flag} and --follow exclude each other` });
  return { topic: topic!, suite: suite!, columns: columns! };
}
/** A column that says when a row was, or when its record was written. */
const eventTime = (column: string | undefined): string => {
  const name = `\`${(column ?? '$written').replaceAll('`', '``')}\``;
  const written = column === undefined ? `${name} TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL, ` : '';
  return `${written}WATERMARK FOR ${name} AS ${name} - INTERVAL '1' SECOND`;
};

/** Results as they are shown. */
class Windows {
  readonly #fields: readonly Field[];
  readonly #json: boolean;
  readonly #strict: boolean;
  #window = '';
  failed = false;

  constructor(fields: readonly Field[], json: boolean, strict: boolean) {
    this.#fields = fields;
    this.#json = json;
    this.#strict = strict;
  }
  add(row: Row): void {
    const cell = (name: string): unknown => {
      const i = this.#fields.findIndex((f) => f.name === name);
      return JSON.parse(jsonText(row[i]!, this.#fields[i]!.type));
    };
    const severity = cell('severity');
    const holds = cell('success') === true;
    const counts = severity === 'critical' || (this.#strict && severity === 'warning');
    if (!holds && counts) this.failed = true;
    if (this.#json) {
      const members = this.#fields.map(
        ({ name, type }, i) => `${JSON.stringify(name)}:${jsonText(row[i]!, type)}`,
      );
      out(`{${members.join(',')}}`);
      return;
    }
    const window = `${String(cell('window_start'))} to ${String(cell('window_end'))}`;
    if (window !== this.#window) out(`${window}, ${String(cell('element_count'))} rows`);
    this.#window = window;
    const [observed, unexpected] = [cell('observed_value'), cell('unexpected_count')];
    const what =
      observed !== null
        ? `found ${String(observed)}`
        : unexpected === null
          ? 'found nothing'
          : `${String(unexpected)} unexpected`;
    const mark = holds ? green('ok  ') : counts ? red('FAIL') : yellow('warn');
    out(`  ${mark} ${String(cell('column') ?? 'table')}: ${String(cell('expectation_type'))}: ${what}`);
  }
}
