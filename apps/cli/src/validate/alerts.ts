/* Alerts of a run: decided by alerts.yaml and by what was told before, which a file keeps. */

import { readFile, rename } from 'node:fs/promises';
import { ExternalError, toMillraceError } from '#base';
import {
  decide,
  noState,
  readAlerts,
  sendAlert,
  type AlertConfig,
  type AlertState,
  type Decision,
} from '#alerts';
import { resolveSecrets } from '#connectors';
import { realWorld } from '#host';
import { jsonText, type ValidationResult } from '#quality';
import { readText } from '../input.ts';
import { err, report, warn } from '../terminal.ts';
import { write } from './reports.ts';

const stateFileDefault = '.millrace/alerts.json';

export interface AlertFlags {
  readonly alerts?: string;
  readonly alertsState?: string;
  readonly json?: boolean;
}
/** Read before anything runs, so that a mistake in it is told at once; a number is the exit code of one. */
export async function alertsOf({ alerts, json }: AlertFlags): Promise<AlertConfig | number | undefined> {
  if (alerts === undefined) return undefined;
  const text = await readText(alerts);
  try {
    return readAlerts(text, alerts);
  } catch (thrown) {
    return report(thrown, { json: json === true, source: { text, name: alerts } });
  }
}

/** Sends what is to be sent; returns an exit code: 0, or that of a message that did not go out. */
export async function raiseAlerts(
  config: AlertConfig,
  result: ValidationResult,
  { alertsState = stateFileDefault, json }: AlertFlags,
): Promise<number> {
  const world = realWorld();
  const before = await readState(alertsState);
  let code = 0;
  const decision = decide(config, result, before, world.now());
  for (const { title, reason } of decision.held) warn(`not told now: ${title} (${reason})`);
  await deliver(config, decision, before, alertsState, (thrown) => {
    code = report(toMillraceError(thrown), { json: json === true });
  });
  return code;
}

/** Sends what was decided and writes what was told, which is returned; `failed` hears of each message that did not go out. */
export async function deliver(
  config: AlertConfig,
  { deliveries, state }: Decision,
  before: AlertState,
  stateFile: string,
  failed: (thrown: unknown) => void,
): Promise<AlertState> {
  const world = realWorld();
  const open = { ...state.open };
  for (const { alert, channels } of deliveries)
    for (const name of channels) {
      const channel = config.channels.find((c) => c.name === name)!;
      try {
        await sendAlert(channel, alert, {
          resolve: resolveSecrets,
          sleep: (ms) => new Promise((done) => void world.after(ms, done)),
          print: err,
        });
      } catch (thrown) {
        failed(thrown);
        // It was not told: the next run tells it.
        const known = before.open[alert.dedupKey];
        if (known === undefined) delete open[alert.dedupKey];
        else open[alert.dedupKey] = known;
      }
    }
  // Whole or not at all: a run that is cut short leaves the old one.
  const told: AlertState = { ...state, open };
  await write(`${stateFile}.new`, `${jsonText(told, 2)}\n`);
  await rename(`${stateFile}.new`, stateFile);
  return told;
}

export async function readState(path: string): Promise<AlertState> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return noState;
    throw new ExternalError('CLI3001', {
      message: `${path} cannot be read: ${(cause as Error).message}`,
      cause,
    });
  }
  try {
    const state = JSON.parse(text) as Partial<AlertState>;
    return { open: state.open ?? {}, sentMs: state.sentMs ?? [] };
  } catch {
    warn(`${path} cannot be read: all that is wrong is told anew`);
    return noState;
  }
}
