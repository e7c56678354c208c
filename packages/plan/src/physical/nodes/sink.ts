/* Where rows are written. */

import type { Span } from '#base';
import { allChanges, type ChangelogMode, type ConnectorTable, type Guarantee } from '#catalog';
import type { RelField } from '../../logical/field.ts';
import { columnNames } from '../../text.ts';
import { badRowsText, type BadRowsOptions } from '../bad-rows-options.ts';
import { readColumns, stateless, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface SinkNode {
  readonly kind: 'sink';
  readonly inputs: readonly [PlanNode];
  readonly connector: string;
  readonly table: ConnectorTable;
  readonly name: string;
  /** The kinds of change that it takes. */
  readonly accepts: ChangelogMode;
  /** It reads -U as they come, or has no updates to read. */
  readonly whole: boolean;
  readonly metadata: readonly string[];
  readonly key: readonly number[];
  /** Columns that must not be NULL. */
  readonly notNull: readonly number[];
  readonly dropNulls: boolean;
  /** Where the statement writes each column. */
  readonly places: readonly (Span | undefined)[];
  readonly guarantee: Guarantee;
  /** What becomes of rows that it cannot write; undefined: the first one fails the job. */
  readonly badRows: BadRowsOptions | undefined;
  readonly fields: readonly RelField[];
}

export const sinkKind: NodeKind<SinkNode> = {
  ...stateless,
  idKey: ({ name }) => `:${name}`,
  reads: (node) => readColumns(node, [...node.key, ...node.notNull]),
  title({ name, fields, notNull, guarantee, badRows }) {
    const enforced = notNull.length > 0 ? `, NotNullEnforcer(fields=[${columnNames(notNull, fields)}])` : '';
    return `Sink(table=[${name}], fields=[${fields.map((f) => f.name).join(', ')}]${enforced}, guarantee=[${guarantee}]${badRowsText(badRows)})`;
  },
  takes: ({ accepts }) => ({ ...allChanges, updateBefore: accepts.updateBefore }),
  needsUpdateBefore: ({ whole }) => whole,
  gives: (_, [input]) => input!,
  keys: (_, [below]) => below!.keys,
  becomes: ({ connector, table, fields, metadata, key, accepts, notNull, dropNulls, places }) => ({
    kind: 'sink',
    connector,
    table,
    fields,
    metadata,
    key,
    accepts,
    notNull,
    dropNulls,
    places,
  }),
};
