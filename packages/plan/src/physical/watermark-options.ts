/* `scan.watermark.*`: options that any scanned table may have, on its own or by a hint (Flink docs, "Watermark Options").
 * Watermarks follow every row here, which is Flink's on-event; a strategy is taken and changes no result. */

import { UserError } from '#base';
import { parseOptions, type Options, type OptionSchema } from '#catalog';
import { watermarkPrefix, type BoundTable } from '../logical/table.ts';

const schema = (table: BoundTable): OptionSchema => ({
  owner: `table '${table.path.object}'`,
  specs: [
    {
      key: 'scan.watermark.emit.strategy',
      type: 'enum',
      values: ['on-event', 'on-periodic'],
      default: 'on-event',
      doc: 'Taken for compatibility: a watermark follows every row.',
    },
    {
      key: 'scan.watermark.emit.on-event.gap',
      type: 'int',
      default: '1',
      doc: 'Taken for compatibility: a watermark follows every row.',
    },
    {
      key: 'scan.watermark.idle-timeout',
      type: 'duration',
      doc: 'After this long without rows a split of this table no longer holds the watermark back.',
    },
    { key: 'scan.watermark.alignment.group', type: 'string', doc: 'Not built.' },
    { key: 'scan.watermark.alignment.max-drift', type: 'duration', doc: 'Not built.' },
    { key: 'scan.watermark.alignment.update-interval', type: 'duration', doc: 'Not built.' },
  ],
});

/** The table's watermark options. Throws CAT1001 and CAT1002, and PLAN1006 for watermark alignment. */
export function watermarkOptions(table: BoundTable): Options {
  const options = parseOptions(
    schema(table),
    table.options.filter((o) => o.key.startsWith(watermarkPrefix)),
  );
  for (const key of ['group', 'max-drift', 'update-interval'].map((k) => `scan.watermark.alignment.${k}`)) {
    if (!options.has(key)) continue;
    throw new UserError('PLAN1006', {
      at: options.at(key),
      message: `'${key}': watermark alignment is not supported yet`,
      hint: "Remove the option. Sources of one job are read in turn, and 'scan.watermark.idle-timeout' lets a silent one not hold the others back.",
    });
  }
  return options;
}
