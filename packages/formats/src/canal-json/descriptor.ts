/* The canal-json format: {"data":[…],"old":[…],"type":"UPDATE"}, several rows a message. Old rows have only the cells
 * that changed. A topic may carry several tables: `database.include` and `table.include` choose. */

import { changeKind, types } from '#data';
import type { OptionSpec } from '#catalog';
import type { ChangeRules } from '../changes/decoder.ts';
import { changeFormat } from '../changes/format.ts';
import type { Change, Message } from '../changes/message.ts';
import { epoch, taken, type ChangeMetadata } from '../changes/metadata.ts';
import type { FormatOptions } from '../format-options.ts';

const name = 'canal-json';

const specs: readonly OptionSpec[] = ['database', 'table'].map((what) => ({
  key: `${what}.include`,
  type: 'string',
  doc: `A regular expression that the ${what} of a message must match as a whole; others are passed over.`,
}));

const metadata: readonly ChangeMetadata[] = [
  taken('database', types.STRING),
  taken('table', types.STRING),
  taken('sql-type', types.map(types.STRING, types.INT), 'sqlType'),
  taken('pk-names', types.array(types.STRING), 'pkNames'),
  epoch('ingestion-timestamp', 'ts'),
  epoch('event-timestamp', 'es'),
];

function changes(message: Message): readonly Change[] {
  const type = message.text('type');
  const of = `a message with "type" = "${type}"`;
  switch (type) {
    case 'INSERT':
      return message.rows('data', of).map((row) => ({ row, kind: changeKind.insert }));
    case 'UPDATE':
      return updates(message, of);
    case 'DELETE':
      return message.rows('data', of).map((row) => ({ row, kind: changeKind.delete }));
    case 'CREATE':
      return [];
    default:
      throw message.malformed(
        `unknown "type" "${type}", expected one of INSERT, UPDATE, DELETE, CREATE`,
        `A change of the table itself. Set '${name}.ignore-parse-errors' = 'true' to skip and count it.`,
      );
  }
}

function updates(message: Message, of: string): Change[] {
  const after = message.rows('data', of);
  const old = message.partialRows('old', of);
  if (old.length < after.length)
    throw message.malformed(`'old' has ${old.length} rows, and 'data' ${after.length}`);
  return after.flatMap((row, i) => message.update(old[i]!, row));
}

/** Undefined: every message is for this table. */
function concerns(options: FormatOptions): ChangeRules['concerns'] {
  const patterns = ['database', 'table'].flatMap((member) => {
    const text = options.string(`${member}.include`);
    return text === undefined ? [] : [{ member, pattern: wholePattern(options, `${member}.include`, text) }];
  });
  if (patterns.length === 0) return undefined;
  return {
    members: patterns.map((p) => p.member),
    accepts: (texts) => patterns.every(({ member, pattern }) => pattern.test(texts.get(member) ?? '')),
  };
}
function wholePattern(options: FormatOptions, key: string, text: string): RegExp {
  try {
    return new RegExp(`^(?:${text})$`);
  } catch {
    throw options.refuse(key, `'${text}' is no regular expression`);
  }
}

export const canalJsonFormat = changeFormat({
  name,
  options: specs,
  metadata,
  rules: (options) => ({
    format: name,
    rows: { data: 'rows', old: 'partial-rows' },
    texts: ['type'],
    metadata,
    concerns: concerns(options),
    changes,
  }),
  texts: () => ({
    format: name,
    insert: () => ({ head: '{"data":[', tail: '],"type":"INSERT"}' }),
    delete: () => ({ head: '{"data":[', tail: '],"type":"DELETE"}' }),
  }),
});
