/* Lookup joins: keys are columns of the input, so what is computed is computed first. */

import { hasUpdates } from '#catalog';
import { notYet } from '../../bind/not-yet.ts';
import { lookupSide } from '../../connectors.ts';
import type { LookupJoinRel } from '../../logical/nodes/lookup-join.ts';
import { withColumns } from '../nodes/calc.ts';
import { shiftColumns, withoutColumns } from './columns.ts';
import { errorPolicy } from '../bad-rows-options.ts';
import type { Convert } from './rule.ts';

export const convertLookupJoin: Convert<LookupJoinRel> = {
  make(rel, to) {
    const { settings } = to.session;
    const { table, traits } = lookupSide(rel.table, to.session);
    const lookedUp = rel.columns.map((c) => rel.table.columns[c]!);
    const computed = lookedUp.find((c) => c.kind !== 'physical');
    if (computed !== undefined)
      throw notYet(`a lookup join that reads the ${computed.kind} column "${computed.name}"`, undefined);
    const width = rel.input.fields.length;
    const computedKeys = rel.keys.filter((k) => k.left.kind !== 'column').map((k) => k.left);
    const input = withColumns(to.convert(rel.input), computedKeys, '$key');
    const shift = computedKeys.length;
    let next = width;
    const async = rel.hints.get('async');
    const asked = settings.get('table.exec.async-lookup.output-mode').toUpperCase();
    return withoutColumns(
      {
        kind: 'lookup-join',
        inputs: [input],
        connector: rel.table.connector,
        table,
        name: rel.table.path.object,
        lookedUp: lookedUp.map(({ name, type }) => ({ name, type })),
        keys: rel.keys.map((k) => ({
          right: k.right,
          left: k.left.kind === 'column' ? k.left.index : next++,
        })),
        left: rel.left,
        condition: rel.condition && shiftColumns(rel.condition, width, shift),
        async: async === undefined ? traits.async : async === 'true',
        ordered: asked === 'ORDERED' || hasUpdates(to.upward.changes(input, true)),
        primaryKey: keyOf(rel.table.primaryKey, rel.columns),
        ttlMs: settings.durationMs('table.exec.state.ttl'),
        badRows: errorPolicy(rel.table),
        capacity: Number(settings.get('table.exec.async-lookup.buffer-capacity')),
        fields: [...input.fields, ...rel.fields.slice(width)],
      },
      width,
      shift,
      rel.fields,
    );
  },
};

/** The primary key among the columns that are read, or nothing where not all of it is. */
function keyOf(primaryKey: readonly number[], columns: readonly number[]): number[] {
  const at = primaryKey.map((k) => columns.indexOf(k));
  return at.includes(-1) ? [] : at;
}
