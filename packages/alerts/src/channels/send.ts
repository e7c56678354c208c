/* Sends an alert through a channel, trying again what may pass. Errors name the channel, never its address: that is a secret. */

import { ExternalError, UserError } from '#base';
import type { Alert, Channel } from '../model.ts';
import type { SendOptions } from './options.ts';
import { pagerdutyPayload, plainText, slackPayload, webhookPayload } from './payloads.ts';

const attemptsMax = 4;
const pauseMs = 500;
const pauseMsMax = 30_000;
const timeoutMs = 10_000;
const pagerdutyUrl = 'https://events.pagerduty.com/v2/enqueue';

/** Throws ALR2001 (external) when it could not be sent, UserError for a secret that is not there. */
export async function sendAlert(channel: Channel, alert: Alert, options: SendOptions): Promise<void> {
  const { resolve } = options;
  switch (channel.type) {
    case 'terminal':
      options.print(plainText(alert));
      return;
    case 'slack':
      return await post(channel, resolve(channel.url!), slackPayload(alert), options);
    case 'pagerduty':
      return await post(
        channel,
        resolve(channel.url ?? pagerdutyUrl),
        pagerdutyPayload(alert, resolve(channel.routingKey!)),
        options,
      );
    case 'webhook':
      return await post(channel, resolve(channel.url!), webhookPayload(alert), options);
    case 'email': {
      const { sendMail } = await import('./email.ts');
      return await sendMail(channel, alert, options);
    }
  }
}

async function post(channel: Channel, url: string, payload: object, options: SendOptions): Promise<void> {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new UserError('ALR1002', { message: `channel ${channel.name}: its url is no address of HTTP` });
  const headers = Object.fromEntries(
    Object.entries(channel.headers).map(([k, v]) => [k, options.resolve(v)]),
  );
  let problem = '';
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const answer = await once(url, headers, payload);
    if (answer.ok) return;
    problem = answer.problem;
    if (!answer.passing || attempt === attemptsMax) break;
    await options.sleep(Math.min(pauseMsMax, answer.waitMs ?? pauseMs * 2 ** (attempt - 1)));
  }
  throw new ExternalError('ALR2001', { message: `channel ${channel.name} (${channel.type}): ${problem}` });
}

type Answer =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly problem: string;
      readonly passing: boolean;
      readonly waitMs?: number | undefined;
    };

async function once(
  url: string,
  headers: Readonly<Record<string, string>>,
  payload: object,
): Promise<Answer> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(payload),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    if (response.ok) return { ok: true };
    const wait = Number(response.headers.get('retry-after') ?? Number.NaN);
    const passing = response.status === 429 || response.status >= 500;
    return {
      ok: false,
      problem: `it answered ${response.status}`,
      passing,
      waitMs: Number.isNaN(wait) ? undefined : wait * 1000,
    };
  } catch (error) {
    // The message of what failed below says no address of a path; that of fetch itself may.
    const cause = (error as { readonly cause?: { readonly code?: string } }).cause;
    const code = cause?.code ?? (error as Error).name;
    return { ok: false, problem: `it cannot be reached (${code})`, passing: true };
  }
}
