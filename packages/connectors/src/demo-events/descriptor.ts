/* The demo-events connector: lines of JSON as a web shop might write them, for demos and first steps. Without
 * a format its table has one STRING column, the line; with one, the columns that the format finds in it. */

import { UserError } from '#base';
import { insertOnly, parseOptions, type ConnectorDescriptor, type ConnectorTable } from '#catalog';
import { isString, typeText } from '#data';
import { demoBaseMs, demoSchema, demoSettings } from './options.ts';

function checkTable({ physical, options }: ConnectorTable): void {
  if (options.some((o) => o.key === 'format')) return;
  if (physical.length === 1 && isString(physical[0]!.type)) return;
  const found = physical.map((c) => `${c.name} ${typeText(c.type)}`).join(', ');
  throw new UserError('DEMO1001', {
    message: `a demo-events table without a format has one column, of type STRING; found (${found})`,
    hint: `Add 'format' = 'json', or write CREATE TABLE … (line STRING) WITH ('connector' = 'demo-events').`,
  });
}

export const demoEventsConnector: ConnectorDescriptor = {
  name: 'demo-events',
  options: demoSchema,
  metadata: [],
  source: (table) => {
    checkTable(table);
    const options = parseOptions(demoSchema(table), table.options);
    demoSettings(options);
    demoBaseMs(options);
    return { changelog: insertOnly, bounded: options.has('number-of-rows'), ownWatermarks: false };
  },
  load: async () => (await import('./runtime.ts')).demoEventsRuntime,
};
