/* `scan.watermark.*`: options that any scanned table may have, on its own or by a hint (Flink docs, "Watermark Options").
 * Watermarks follow every row here, which is Flink's on-event; a strategy is taken and changes no result. */

import { UserError } from '#base';
import { parseOptions, type OptionSchema } from '#catalog';
import type { WatermarkAlignment } from '#job';
import { watermarkPrefix, type BoundTable } from '../logical/table.ts';

const alignment = {
  group: 'scan.watermark.alignment.group',
  maxDrift: 'scan.watermark.alignment.max-drift',
  updateInterval: 'scan.watermark.alignment.update-interval',
} as const;

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
    {
      key: alignment.group,
      type: 'string',
      doc: 'Sources with the same name here wait for one another.',
    },
    {
      key: alignment.maxDrift,
      type: 'duration',
      doc: 'How far the watermark of this table may run ahead of the least of its group.',
    },
    {
      key: alignment.updateInterval,
      type: 'duration',
      default: '1 s',
      doc: "How often the group's least watermark is looked at.",
    },
  ],
});

export interface WatermarkOptions {
  /** Undefined: as `table.exec.source.idle-timeout` has it. */
  readonly idleTimeoutMs: number | undefined;
  readonly alignment: WatermarkAlignment | undefined;
}

/** The table's watermark options. Throws CAT1001, CAT1002, and CAT1003 for an alignment that is not whole. */
export function watermarkOptions(table: BoundTable): WatermarkOptions {
  const options = parseOptions(
    schema(table),
    table.options.filter((o) => o.key.startsWith(watermarkPrefix)),
  );
  const idleTimeoutMs = options.durationMs('scan.watermark.idle-timeout');
  const given = Object.values(alignment).filter((key) => options.has(key));
  if (given.length === 0) return { idleTimeoutMs, alignment: undefined };
  const missing = [alignment.group, alignment.maxDrift].find((key) => !options.has(key));
  if (missing !== undefined)
    throw new UserError('CAT1003', {
      at: options.at(given[0]!),
      message: `table '${table.path.object}' needs the option '${missing}' beside '${given[0]}'`,
      hint: `Watermark alignment takes '${alignment.group}' and '${alignment.maxDrift}' together.`,
    });
  return {
    idleTimeoutMs,
    alignment: {
      group: options.require(alignment.group),
      maxDriftMs: options.durationMs(alignment.maxDrift)!,
      updateIntervalMs: options.durationMs(alignment.updateInterval)!,
    },
  };
}
