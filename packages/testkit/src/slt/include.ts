/* `include pipeline.sql with test`: the statements of a production file, every table of which becomes a 'test' table.
 *
 *   CREATE TABLE … WITH ('connector' = 'kafka', …) ──▶ the same columns, keys and watermark, 'connector' = 'test',
 *                                                     and the kinds of change that the real one gives and takes
 *
 * So the planner plans what it would plan in production; only where rows come from and go to is the test's. */

import { toMillraceError, UserError } from '#base';
import { allChanges, type ChangelogMode, type ConnectorDescriptor, type ConnectorTable } from '#catalog';
import { typeText } from '#data';
import { bindCreateTable, connectorTable, type Session } from '#plan';
import { parseScript, type CreateTable } from '#sql';
import type { Directive, Item } from './parse.ts';

/** The text of a file that a test includes; `path` as it is written there. Throws UserError. */
export type ReadIncluded = (path: string) => string;

/** Items with every include replaced by its statements. */
export function withIncludes(items: readonly Item[], read: ReadIncluded | undefined): Item[] {
  return items.flatMap((item) =>
    item.kind === 'directive' && item.word === 'include' ? included(item, read) : [item],
  );
}

function included({ args, line, error }: Directive, read: ReadIncluded | undefined): Item[] {
  const fail = (message: string, hint?: string): UserError =>
    new UserError('SLT1002', { message, hint, at: { start: 0, end: 0, line, column: 1 } });
  const [, path, swap] = /^(.+?)(\s+with\s+test)?$/.exec(args) ?? [];
  if (path === undefined) throw fail('write: include ../pipeline.sql with test');
  if (swap === undefined)
    throw fail(
      `include ${args}: what becomes of its connectors?`,
      `Write include ${args} with test: its tables become 'test' tables. A test never reads or writes the real ones.`,
    );
  if (read === undefined) throw fail(`include ${path}: files are not read here`);
  const text = read(path);
  try {
    return parseScript(text).map(({ text: own, span }) => ({
      kind: 'statement',
      text: own,
      line,
      name: undefined,
      error,
      origin: `${path}:${span.line}`,
      swap: true,
    }));
  } catch (thrown) {
    const { message, at } = toMillraceError(thrown);
    throw fail(`${path}:${at?.line ?? 1}: ${message}`);
  }
}

const letters: readonly (readonly [keyof ChangelogMode, string])[] = [
  ['insert', 'I'],
  ['updateBefore', 'UB'],
  ['updateAfter', 'UA'],
];
function modeText(mode: ChangelogMode): string {
  const parts = letters.filter(([key]) => mode[key]).map(([, letter]) => letter);
  if (mode.delete) parts.push(mode.keyOnlyDelete ? 'D(key-only-delete)' : 'D');
  return parts.join(',');
}

/** The same table over the connector 'test'. Throws UserError for a table that is wrong as it stands. */
export function overTest(statement: CreateTable, session: Session): CreateTable {
  const name = statement.options.find((o) => o.key === 'connector')?.value;
  const descriptor = session.connectors.get(name ?? '');
  // A table that only has LIKE takes what it is like, which is swapped already.
  if (name === undefined || name === 'test' || descriptor === undefined) return statement;
  const table = connectorTable(bindCreateTable(statement, session));
  const kept = statement.options.filter((o) => o.key.startsWith('scan.watermark.'));
  const { span } = statement;
  const options = Object.entries(testOptions(descriptor, table)).map(([key, value]) => ({
    key,
    value,
    span,
  }));
  return { ...statement, options: [{ key: 'connector', value: 'test', span }, ...options, ...kept] };
}

function testOptions(descriptor: ConnectorDescriptor, table: ConnectorTable): Record<string, string> {
  const options: Record<string, string> = {};
  // A table may be right for reading alone, or for writing alone.
  const source = attempt(() => descriptor.source?.(table));
  if (source !== undefined) {
    options['changelog-mode'] = modeText(source.changelog);
    if (source.ownWatermarks) options['enable-watermark-push-down'] = 'true';
  }
  const sink = attempt(() => descriptor.sink?.(table));
  if (sink !== undefined) options['sink-changelog-mode-enforced'] = modeText(sink.accepts(allChanges));
  // Files and databases are read once, and asked at any time.
  options['written-rows'] = source?.bounded === false ? 'read' : 'read-at-start';
  const { metadata } = descriptor;
  const fields = typeof metadata === 'function' ? metadata(table) : metadata;
  for (const direction of ['readable', 'writable'] as const) {
    const known = fields.filter((f) => f[direction]).map((f) => `${f.key}:${typeText(f.type)}`);
    if (known.length > 0) options[`${direction}-metadata`] = known.join(',');
  }
  if (descriptor.lookup === undefined) options['disable-lookup'] = 'true';
  return options;
}
function attempt<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (thrown) {
    if (thrown instanceof UserError) return undefined;
    throw thrown;
  }
}
