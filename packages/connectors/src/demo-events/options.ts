/* The options of the demo-events connector. */

import { present, UserError } from '#base';
import type { ConnectorTable, Options, OptionSchema, OptionSpec } from '#catalog';
import { findFormat, formatSpecs, parseTimestamp } from '#formats';
import type { DemoSettings, DemoStream } from './lines.ts';

export const demoOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'stream',
    type: 'enum',
    values: ['clicks', 'orders', 'all'],
    default: 'all',
    doc: 'Which events: clicks, orders, or both mixed.',
  },
  { key: 'number-of-rows', type: 'long', doc: 'Lines in total; without it the table has no end.' },
  {
    key: 'rows-per-second',
    type: 'long',
    default: '100',
    doc: 'Lines a second, of event time and by the clock.',
  },
  {
    key: 'paced',
    type: 'boolean',
    default: 'true',
    doc: 'Keep to the rate by the clock; else as fast as possible.',
  },
  { key: 'late-share', type: 'double', default: '0.02', doc: 'Share of events that are late.' },
  { key: 'late-by', type: 'duration', default: '2 min', doc: 'How late a late event is at most.' },
  { key: 'malformed-share', type: 'double', default: '0.01', doc: 'Share of lines that are no good JSON.' },
  { key: 'users', type: 'long', default: '500', doc: 'How many users there are.' },
  {
    key: 'format',
    type: 'string',
    doc: 'How lines become columns, such as json; without it the table is the line.',
  },
  {
    key: 'seed',
    type: 'long',
    doc: 'Makes the same lines in every run; by default each run has a seed of its own.',
  },
  {
    key: 'base-time',
    type: 'string',
    doc: 'Event time of the first event; by default 2024-01-01 00:00:00 with a seed, else the clock.',
  },
];

/** All options of a table, those of its format included. */
export function demoSchema(table: ConnectorTable): OptionSchema {
  const format = table.options.find((o) => o.key === 'format');
  const ofFormat =
    format === undefined ? [] : formatSpecs(findFormat(format.value, format.at), `${format.value}.`);
  return { owner: `connector 'demo-events'`, specs: [...demoOptionSpecs, ...ofFormat] };
}

/** Throws CAT1002. */
export function demoSettings(options: Options): DemoSettings {
  const number = (key: string, low: number, high: number): number => {
    const value = present(options.number(key), 'it has a default');
    if (value >= low && value <= high) return value;
    const range = high === Infinity ? `at least ${low}` : `a number from ${low} to ${high}`;
    throw new UserError('CAT1002', {
      at: options.at(key),
      message: `option '${key}': found '${value}', expected ${range}`,
    });
  };
  return {
    stream: options.enum('stream') as DemoStream,
    rowsPerSecond: number('rows-per-second', 1, Infinity),
    lateShare: number('late-share', 0, 1),
    lateByMs: present(options.durationMs('late-by'), 'it has a default'),
    malformedShare: number('malformed-share', 0, 1),
    users: number('users', 1, Infinity),
  };
}

/** The base time that the table asks for; undefined when the clock shall say. */
export function demoBaseMs(options: Options): number | undefined {
  const text = options.string('base-time') ?? (options.has('seed') ? '2024-01-01 00:00:00' : undefined);
  if (text === undefined) return undefined;
  const at = parseTimestamp(text, 'SQL', false, 3);
  if (at !== undefined) return at.ms;
  throw new UserError('CAT1002', {
    at: options.at('base-time'),
    message: `option 'base-time': found '${text}', expected a timestamp such as 2024-01-01 00:00:00`,
  });
}
