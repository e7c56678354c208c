/* The demo-events connector: lines of JSON as a web shop might write them, for demos and first steps. */

import { UserError } from '#base';
import {
  insertOnly,
  parseOptions,
  type ConnectorDescriptor,
  type ConnectorTable,
  type OptionSchema,
} from '#catalog';
import { isString, typeText } from '#data';
import { demoBaseMs, demoOptionSpecs, demoSettings } from './options.ts';

const schema: OptionSchema = { owner: `connector 'demo-events'`, specs: demoOptionSpecs };

function checkTable({ physical }: ConnectorTable): void {
  if (physical.length === 1 && isString(physical[0]!.type)) return;
  const found = physical.map((c) => `${c.name} ${typeText(c.type)}`).join(', ');
  throw new UserError('DEMO1001', {
    message: `a demo-events table has one column, of type STRING; found (${found})`,
    hint: `CREATE TABLE … (line STRING) WITH ('connector' = 'demo-events')`,
  });
}

export const demoEventsConnector: ConnectorDescriptor = {
  name: 'demo-events',
  options: () => schema,
  metadata: [],
  source: (table) => {
    checkTable(table);
    const options = parseOptions(schema, table.options);
    demoSettings(options);
    demoBaseMs(options);
    return { changelog: insertOnly, bounded: options.has('number-of-rows'), ownWatermarks: false };
  },
  load: async () => (await import('./runtime.ts')).demoEventsRuntime,
};
