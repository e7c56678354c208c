/* Takes -U away for a reader that wants none, or turns it into -D where the +U may not follow. */

import { operatorCall } from '#job';
import type { RelField } from '../../logical/field.ts';
import { readNothing, stateless, type NodeKind } from '../kind.ts';
import type { PlanNode } from '../node.ts';

export interface DropUpdateBeforeNode {
  readonly kind: 'drop-update-before';
  readonly inputs: readonly [PlanNode];
  /** -U goes on as -D. */
  readonly asDelete: boolean;
  /** It asks for -U, to turn it into -D; otherwise it drops what comes all the same. */
  readonly whole: boolean;
  readonly fields: readonly RelField[];
}

export const dropUpdateBeforeKind: NodeKind<DropUpdateBeforeNode> = {
  ...stateless,
  reads: () => readNothing,
  title: ({ asDelete }) => (asDelete ? 'UpdateBeforeAsDelete' : 'DropUpdateBefore'),
  needsUpdateBefore: ({ whole }) => whole,
  gives: ({ asDelete }, [input]) => ({
    ...input!,
    updateBefore: false,
    delete: input!.delete || (asDelete && input!.updateBefore),
  }),
  keys: (_, [below]) => below!.keys,
  updatePairs: () => 'makes',
  becomes: ({ asDelete }) => ({
    kind: 'operator',
    ...operatorCall('union', { updateBefore: asDelete ? 'delete' : 'drop' }),
  }),
};
