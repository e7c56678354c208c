/* The embedded PostgreSQL as a service. */

import { UserError } from '#base';
import { postgresStatus, startPostgres, stopPostgres, type ServerAddress } from '#connectors';
import { realWorld } from '#host';
import type { Service, ServiceStatus } from './service.ts';

const told = ({ host, port, database, user, password }: ServerAddress): ServiceStatus => ({
  url: `jdbc:postgresql://${host}:${port}/${database}`,
  note: `user ${user}; in SQL: 'url' = 'jdbc:postgresql:embedded'`,
  connect: `psql 'postgresql://${user}:${encodeURIComponent(password)}@${host}:${port}/${database}'`,
  details: { user },
});

export const postgres: Service = {
  async up({ port, data, config }) {
    if (port !== undefined || data !== undefined || Object.keys(config).length > 0)
      throw new UserError('CLI1003', {
        message: '--port, --data and --config are for the services kafka and registry',
      });
    return told(await startPostgres(realWorld()));
  },
  down: () => stopPostgres(realWorld()),
  async status() {
    const at = await postgresStatus(realWorld());
    return at && told(at);
  },
};
