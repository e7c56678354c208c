/* The embedded Kafka as a service. */

import { ExternalError } from '#base';
import { Broker, checkConfigs } from '#broker';
import { realWorld } from '#host';
import { brokerFlags } from './node-flags.ts';
import { ProcessService } from './process-service.ts';

export const kafka = new ProcessService({
  name: 'kafka',
  nodeFlags: brokerFlags,
  checkConfig: (config) => checkConfigs(new Map(Object.entries(config))),
  status: ({ address, data }) => ({
    url: address,
    note: `data in ${data}; in SQL: 'properties.bootstrap.servers' = '${address}'`,
    connect: `millrace topic list --bootstrap-server ${address}`,
    details: { bootstrapServers: address, data },
  }),
  async start(options) {
    const broker = await Broker.start({ world: realWorld(), ...options });
    return { address: broker.bootstrapServers, stop: () => broker.stop() };
  },
  isPortTaken: (error) => error instanceof ExternalError && error.code === 'BRK2001',
});
