/* INSERT, and the statement sets that run several of them as one job. */

import type { InsertStatement, StatementSet } from '../ast/statements.ts';
import type { Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { parseHints } from './hints.ts';
import { parseNames } from './names.ts';
import { parsePartitionItems } from './partitions.ts';
import { parseTableName } from './options.ts';
import { atQuery, parseQueryExpression } from './queries.ts';

/** INSERT {INTO | OVERWRITE} table [hints] [PARTITION (…)] [(columns)] query. */
export function parseInsert(c: Cursor): InsertStatement {
  const first = c.expect('INSERT');
  const overwrite = c.expectOne('INTO', 'OVERWRITE') === 'OVERWRITE';
  if (overwrite) c.accept('INTO');
  const target = parseTableName(c);
  const hints = parseHints(c);
  const partition = c.accept('PARTITION') ? parsePartitionItems(c) : [];
  const columns = c.at('(') && !c.at('(', 1) && !atQuery(c, 1) ? parseNames(c) : [];
  const query = parseQueryExpression(c);
  const onConflict = parseOnConflict(c);
  const span = c.spanFrom(first);
  return { kind: 'insert', overwrite, target, hints, partition, columns, query, onConflict, span };
}

/** [ON CONFLICT DO {NOTHING | ERROR | DEDUPLICATE}]. */
function parseOnConflict(c: Cursor): InsertStatement['onConflict'] {
  if (!c.atAll('ON', 'CONFLICT', 'DO')) return undefined;
  c.expectAll('ON', 'CONFLICT', 'DO');
  return c.expectOne('NOTHING', 'ERROR', 'DEDUPLICATE');
}

/** INSERT …; … END, behind BEGIN; the statement began at `first`. */
export function parseInserts(c: Cursor, first: Token): StatementSet {
  const inserts: InsertStatement[] = [];
  do {
    inserts.push(parseInsert(c));
    if (c.at('END')) break;
    c.expect(';');
    while (c.accept(';'));
  } while (!c.at('END') && !(c.peek().kind === 'end'));
  if (!c.at('END')) c.fail('INSERT', 'END');
  c.next();
  return { kind: 'statement-set', inserts, span: c.spanFrom(first) };
}
