/* Messages with the row before and the row after: what Debezium and GoldenGate write. */

import { changeKind } from '#data';
import type { Change, Message } from './message.ts';

export interface BeforeAfter {
  /** The member that names the operation, and what its values mean. */
  readonly member: string;
  readonly operations: ReadonlyMap<string, 'insert' | 'update' | 'delete'>;
  /** For a message that lacks the member. */
  readonly hint?: string;
}

/** Of Debezium. */
export const debeziumOperations: BeforeAfter = {
  member: 'op',
  operations: new Map([
    ['c', 'insert'],
    ['r', 'insert'],
    ['u', 'update'],
    ['d', 'delete'],
  ]),
};

const replicaIdentity =
  'If the messages come from Debezium for PostgreSQL, set REPLICA IDENTITY of the table to FULL.';

/** Throws MalformedRecord for an unknown operation and for a row that is not there. */
export function beforeAfterChanges(format: BeforeAfter, message: Message): readonly Change[] {
  const name = message.text(format.member, format.hint);
  const operation = format.operations.get(name);
  const of = `a message with "${format.member}" = "${name}"`;
  switch (operation) {
    case 'insert':
      return [{ row: message.row('after', of), kind: changeKind.insert }];
    case 'update':
      return [
        { row: message.row('before', of, replicaIdentity), kind: changeKind.updateBefore },
        { row: message.row('after', of), kind: changeKind.updateAfter },
      ];
    case 'delete':
      return [{ row: message.row('before', of, replicaIdentity), kind: changeKind.delete }];
    case undefined:
      throw message.malformed(
        `unknown "${format.member}" "${name}", expected one of ${[...format.operations.keys()].join(', ')}`,
      );
  }
}
