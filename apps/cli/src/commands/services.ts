/* millrace services: embedded servers of the project in the current folder, kept under .millrace/. */

import { UserError, didYouMean } from '#base';
import { out } from '../terminal.ts';
import type { ProcessService } from '../services/process-service.ts';
import type { Service, ServiceOptions } from '../services/service.ts';

/** Those that are a process of ours; the code of each loads on use. */
const processes: Readonly<Record<string, () => Promise<ProcessService>>> = {
  kafka: async () => (await import('../services/kafka.ts')).kafka,
  registry: async () => (await import('../services/registry.ts')).registry,
};
const services: Readonly<Record<string, () => Promise<Service>>> = {
  ...processes,
  postgres: async () => (await import('../services/postgres.ts')).postgres,
};

interface Flags {
  readonly json?: boolean;
  readonly port?: string;
  readonly data?: string;
  readonly config: readonly string[];
}

export async function servicesCommand(
  action: string,
  given: readonly string[],
  flags: Flags,
): Promise<number> {
  const names = given.length > 0 ? given : Object.keys(services);
  for (const name of names) checkName(name);
  const options = await serviceOptions(flags);
  switch (action) {
    case 'up':
      for (const name of names) {
        const { url, note, details } = await (await services[name]!()).up(options);
        tell(
          flags,
          { service: name, status: 'running', url, ...details },
          `${name}: running at ${url}, ${note}`,
        );
      }
      return 0;
    case 'down':
      for (const name of names) {
        const stopped = await (await services[name]!()).down();
        const status = stopped ? 'stopped' : 'not running';
        tell(flags, { service: name, status }, `${name}: ${stopped ? 'stopped' : 'was not running'}`);
      }
      return 0;
    case 'list':
      for (const name of names) {
        const status = await (await services[name]!()).status();
        if (status === undefined)
          tell(flags, { service: name, status: 'not running' }, `${name}: not running`);
        else
          tell(
            flags,
            { service: name, status: 'running', url: status.url, connect: status.connect, ...status.details },
            `${name}: running at ${status.url}, ${status.note}\n  ${status.connect}`,
          );
      }
      return 0;
    case 'serve': // what `up` starts
      return (await processes[names[0]!]!()).serve(options);
    default:
      throw new UserError('CLI1001', { message: `services ${action}: expected up, down or list` });
  }
}

function checkName(name: string): void {
  if (Object.hasOwn(services, name)) return;
  throw new UserError('CLI1002', {
    message: `the service ${name} does not exist`,
    hint: didYouMean(name, Object.keys(services)) ?? `There is: ${Object.keys(services).join(', ')}.`,
  });
}

async function serviceOptions({ port, data, config }: Flags): Promise<ServiceOptions> {
  if (port !== undefined && !/^\d{1,5}$/.test(port))
    throw new UserError('CLI1004', { message: `--port ${port}: expected a number` });
  const { configPairs } = await import('../services/process-service.ts');
  return { port: port === undefined ? undefined : Number(port), data, config: configPairs(config) };
}

function tell(flags: Flags, json: unknown, text: string): void {
  out(flags.json ? JSON.stringify(json) : text);
}
