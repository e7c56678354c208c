/* A table as its connector sees it, options checked: to be read, written, looked up. */

import { UserError } from '#base';
import {
  parseOptions,
  type ConnectorDescriptor,
  type ConnectorTable,
  type LookupTraits,
  type MetadataField,
  type SinkTraits,
  type SourceTraits,
} from '#catalog';
import type { Field } from '#data';
import type { Session } from './bind/session.ts';
import { connectorTable, type BoundTable } from './logical/table.ts';

/** Of what a format says of a type that it has no form for. */
const noFormCode = 'FMT1003';

/** Throws UserError for the first of these physical columns that the connector cannot read, or write, by its type. */
export function checkFields(
  bound: BoundTable,
  fields: readonly Field[],
  session: Session,
  use: 'read' | 'write',
): void {
  const descriptor = session.connectors.get(bound.connector)!;
  const check = descriptor.fieldCheck?.(connectorTable(bound), use);
  if (check === undefined) return;
  for (const field of fields) {
    try {
      check(field);
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== noFormCode) throw error;
      const { code, hint, at } = error;
      const message = `column '${field.name}' of table '${bound.path.object}': ${error.message}`;
      throw new UserError(code, { message, hint, at });
    }
  }
}

interface Side<T> {
  readonly table: ConnectorTable;
  readonly traits: T;
  readonly metadata: readonly MetadataField[];
}

export const readSide = (table: BoundTable, session: Session): Side<SourceTraits> =>
  side(table, session, 'read', (d, t) => d.source?.(t));
export const writeSide = (table: BoundTable, session: Session): Side<SinkTraits> =>
  side(table, session, 'written', (d, t) => d.sink?.(t));
export const lookupSide = (table: BoundTable, session: Session): Side<LookupTraits> =>
  side(table, session, 'looked up', (d, t) => d.lookup?.(t));

/** Throws what is wrong with the table's options, and PLAN1003 for a connector that cannot be used so. */
function side<T>(
  bound: BoundTable,
  session: Session,
  used: string,
  ask: (descriptor: ConnectorDescriptor, table: ConnectorTable) => T | undefined,
): Side<T> {
  const descriptor = session.connectors.get(bound.connector)!;
  const table = connectorTable(bound);
  parseOptions(descriptor.options(table), table.options);
  const traits = ask(descriptor, table);
  if (traits === undefined)
    throw new UserError('PLAN1003', {
      message: `the connector '${bound.connector}' of table '${bound.path.object}' cannot be ${used}`,
      hint:
        used === 'looked up'
          ? 'Processing-time temporal join is not supported yet, but for tables that can be looked up. Join versions by a rowtime: FOR SYSTEM_TIME AS OF l.ts.'
          : undefined,
    });
  const { metadata } = descriptor;
  return { table, traits, metadata: typeof metadata === 'function' ? metadata(table) : metadata };
}
