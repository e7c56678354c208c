/* SHOW …. */

import type { ObjectName, ShowStatement, Statement } from '../ast/statements.ts';
import type { Token } from '../tokens.ts';
import type { Cursor } from './cursor.ts';
import { parsePath, parseString } from './names.ts';
import { parsePartitionItems } from './partitions.ts';
import { parseUnsupported } from './unsupported.ts';

/** What follows the subject: nothing but LIKE, a place to look in, or the name of what is shown. */
const subjects: readonly (readonly [words: ShowStatement['what'], name: 'none' | 'place' | 'object'])[] = [
  ['TABLES', 'place'],
  ['VIEWS', 'place'],
  ['DATABASES', 'place'],
  ['CATALOGS', 'none'],
  ['FUNCTIONS', 'place'],
  ['USER FUNCTIONS', 'place'],
  ['COLUMNS', 'place'],
  ['JOBS', 'none'],
  ['MODULES', 'none'],
  ['FULL MODULES', 'none'],
  ['CREATE TABLE', 'object'],
  ['CREATE VIEW', 'object'],
  ['CREATE MODEL', 'object'],
  ['CREATE CATALOG', 'object'],
  ['CURRENT CATALOG', 'none'],
  ['CURRENT DATABASE', 'none'],
  ['PARTITIONS', 'object'],
  ['JARS', 'none'],
  ['PROCEDURES', 'place'],
  ['MODELS', 'place'],
  ['MATERIALIZED TABLES', 'place'],
];

export function parseShow(c: Cursor): ShowStatement | Statement {
  const first = c.next();
  for (const [what, kind] of subjects) {
    if (!c.acceptAll(...what.split(' '))) continue;
    const name = kind === 'none' ? [] : parseSubjectName(c, kind);
    const partition = what === 'PARTITIONS' && c.accept('PARTITION') ? parsePartitionItems(c) : undefined;
    const like = parseLike(c);
    return { kind: 'show', what, name, ...(partition && { partition }), like, span: c.spanFrom(first) };
  }
  const unsupported = unsupportedShow(c, first);
  return unsupported ?? c.fail(...subjects.map(([what]) => what));
}

function parseSubjectName(c: Cursor, kind: 'place' | 'object'): ObjectName {
  if (kind === 'object') return parsePath(c, 'a name');
  return c.acceptOne('FROM', 'IN') === undefined ? [] : parsePath(c, 'a name');
}

/** [NOT] {LIKE | ILIKE} 'pattern'. */
function parseLike(c: Cursor): ShowStatement['like'] {
  const negated = c.at('NOT') && (c.at('LIKE', 1) || c.at('ILIKE', 1));
  if (negated) c.next();
  const word = c.acceptOne('LIKE', 'ILIKE');
  return word === undefined ? undefined : { pattern: parseString(c), negated, ignoreCase: word === 'ILIKE' };
}

function unsupportedShow(c: Cursor, first: Token): Statement | undefined {
  if (c.at('CONNECTIONS')) return parseUnsupported(c, first, 'SHOW CONNECTIONS');
  const shown = c.at('CREATE') ? c.peek(1).symbol : '';
  return notShown.has(shown) ? parseUnsupported(c, first, `SHOW CREATE ${shown}`) : undefined;
}

const notShown = new Set(['CONNECTION', 'MATERIALIZED']);
