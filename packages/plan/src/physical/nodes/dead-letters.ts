/* The dead letters of some nodes, as the columns of the table that they go to. It reads their side outputs: what it is made of
 * are `deadLetterRow`s, not the rows of the nodes in front. */

import { insertOnly } from '#catalog';
import { planCalc, type Expr } from '#expr';
import { deadLetterRow, operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { noKeys, stateless, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface DeadLettersNode {
  readonly kind: 'dead-letters';
  /** Whose side outputs it reads. */
  readonly inputs: readonly PlanNode[];
  /** Tables whose rows they are. */
  readonly of: readonly string[];
  /** Where they go. */
  readonly table: string;
  /** Over `deadLetterRow`. */
  readonly exprs: readonly Expr[];
  readonly fields: readonly RelField[];
}

export const letterFields: readonly RelField[] = deadLetterRow.map((f) => ({ ...f, time: undefined }));

export const deadLettersKind: NodeKind<DeadLettersNode> = {
  ...stateless,
  readsSide: true,
  idKey: ({ table }) => `:${table}`,
  reads: ({ exprs }) => ({
    exprs: exprs.map((expr) => ({ expr, over: letterFields })),
    columns: [],
  }),
  title: ({ of }) => `DeadLetters(of=[${of.join(', ')}])`,
  needsUpdateBefore: () => false,
  gives: () => insertOnly,
  updatePairs: () => 'makes',
  keys: () => noKeys,
  names: ({ fields }, column) => fields[column]!.name,
  becomes: ({ exprs }) => ({
    kind: 'operator',
    ...operatorCall('calc', {
      plan: planCalc({ inputTypes: letterFields.map((f) => f.type), where: undefined, project: exprs }),
    }),
  }),
};
