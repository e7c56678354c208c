/* The maxwell-json format: {"data":…,"old":…,"type":"insert"}. The old row has only the cells that changed. */

import { changeKind, types } from '#data';
import { changeFormat } from '../changes/format.ts';
import type { Change, Message } from '../changes/message.ts';
import { epoch, taken, type ChangeMetadata } from '../changes/metadata.ts';

const name = 'maxwell-json';

const metadata: readonly ChangeMetadata[] = [
  taken('database', types.STRING),
  taken('table', types.STRING),
  taken('primary-key-columns', types.array(types.STRING), 'primary_key_columns'),
  // Maxwell counts seconds.
  epoch('ingestion-timestamp', 'ts', 1000),
];

function changes(message: Message): readonly Change[] {
  const type = message.text('type');
  const of = `a message with "type" = "${type}"`;
  switch (type) {
    case 'insert':
      return [{ row: message.row('data', of), kind: changeKind.insert }];
    case 'update':
      return message.update(message.partialRow('old', of), message.row('data', of));
    case 'delete':
      return [{ row: message.row('data', of), kind: changeKind.delete }];
    default:
      throw message.malformed(`unknown "type" "${type}", expected one of insert, update, delete`);
  }
}

export const maxwellJsonFormat = changeFormat({
  name,
  options: [],
  metadata,
  rules: () => ({
    format: name,
    rows: { data: 'row', old: 'partial-row' },
    texts: ['type'],
    metadata,
    changes,
  }),
  texts: () => ({
    format: name,
    insert: () => ({ head: '{"data":', tail: ',"type":"insert"}' }),
    delete: () => ({ head: '{"data":', tail: ',"type":"delete"}' }),
  }),
});
