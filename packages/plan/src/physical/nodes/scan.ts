/* A table as its source gives it, with what is computed from its columns and where its watermark comes from. */

import { isInsertOnly, type ChangelogMode, type ConnectorTable } from '#catalog';
import type { Field } from '#data';
import { planCalc, type Expr } from '#expr';
import type { WatermarkAlignment } from '#job';
import type { RelField } from '../../logical/field.ts';
import { badRowsText, type BadRowsOptions } from '../bad-rows-options.ts';
import { inPlace, type NodeKind } from '../kind.ts';

export interface ScanNode {
  readonly kind: 'scan';
  readonly inputs: readonly [];
  readonly connector: string;
  readonly table: ConnectorTable;
  readonly name: string;
  /** What the connector produces: physical columns, then metadata. */
  readonly produced: readonly Field[];
  readonly metadata: readonly string[];
  /** All columns of the table. */
  readonly declared: readonly Field[];
  /** Output fields over `produced`; undefined: as they come. */
  readonly exprs: readonly Expr[] | undefined;
  readonly changelog: ChangelogMode;
  /** The primary key; empty where there is none, or not all of it is read. */
  readonly key: readonly number[];
  readonly watermark:
    | {
        readonly rowtime: number;
        readonly name: string;
        readonly expr: Expr | 'source';
        readonly text: string;
      }
    | undefined;
  /** After this long without rows a split no longer holds the watermark back, ms; 0: never. */
  readonly idleTimeoutMs: number;
  /** After this long without rows in any source the watermark goes on with the clock, ms; 0: off. */
  readonly quietTimeoutMs: number;
  /** Batch mode. */
  readonly finalWatermarkOnly: boolean;
  readonly alignment: WatermarkAlignment | undefined;
  readonly limit: number | undefined;
  /** What becomes of its bad and late rows; undefined: the first bad one fails the job. */
  readonly badRows: BadRowsOptions | undefined;
  readonly fields: readonly RelField[];
}

export const scanKind: NodeKind<ScanNode> = {
  ...inPlace,
  idKey: (node) => `:${node.name}`,
  reads: (node) => ({
    exprs: (node.exprs ?? []).map((expr) => ({
      expr,
      over: node.produced.map((f) => ({ ...f, time: undefined })),
    })),
    columns: node.key.map((index) => ({ index, over: node.fields })),
  }),
  title(node) {
    const watermark = node.watermark ? `, watermark=[${node.watermark.text}]` : '';
    const policy = badRowsText(node.badRows);
    return `TableSourceScan(table=[${node.name}], fields=[${node.fields.map((f) => f.name).join(', ')}]${watermark}${policy})`;
  },
  needsUpdateBefore: () => false,
  gives: (node) => node.changelog,
  updatePairs: () => 'makes',
  keys: (node) => {
    const keys = node.key.length === 0 ? [] : [node.key];
    return { unique: keys, upsert: isInsertOnly(node.changelog) ? [] : keys };
  },
  state: () => 'none',
  becomes: (node) => ({
    kind: 'source',
    connector: node.connector,
    table: node.table,
    declared: node.declared,
    fields: node.produced,
    metadata: node.metadata,
    limit: node.limit,
    calc:
      node.exprs &&
      planCalc({ inputTypes: node.produced.map((f) => f.type), where: undefined, project: node.exprs }),
    watermark: node.watermark && {
      rowtime: node.watermark.rowtime,
      rowtimeName: node.watermark.name,
      keyOnlyDelete: node.changelog.keyOnlyDelete,
      expression: node.watermark.expr,
    },
    idleTimeoutMs: node.idleTimeoutMs,
    quietTimeoutMs: node.quietTimeoutMs,
    finalWatermarkOnly: node.finalWatermarkOnly,
    alignment: node.alignment,
  }),
};
