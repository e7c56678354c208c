/* E-mail by SMTP. */

import { ExternalError, UserError } from '#base';
import type { Alert, Channel } from '../model.ts';
import type { SendOptions } from './options.ts';
import { plainText } from './payloads.ts';

const timeoutMs = 15_000;

/** Throws ALR2001 when the server does not take it. */
export async function sendMail(channel: Channel, alert: Alert, { resolve }: SendOptions): Promise<void> {
  const { createTransport } = await import('nodemailer');
  const url = resolve(channel.smtp!);
  if (!/^smtps?:\/\//.test(url))
    throw new UserError('ALR1002', {
      message: `channel ${channel.name}: its smtp is no address such as smtp://user:password@host:587`,
    });
  const address = new URL(url);
  const transport = createTransport({
    host: address.hostname,
    port: Number(address.port === '' ? (address.protocol === 'smtps:' ? 465 : 587) : address.port),
    secure: address.protocol === 'smtps:',
    ...(address.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(address.username), pass: decodeURIComponent(address.password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // A file or address in the text of an alert is text.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({
      from: channel.from,
      to: [...channel.to],
      subject: `[${alert.action === 'resolve' ? 'resolved' : alert.severity}] ${alert.title}`,
      text: `${plainText(alert)}\n\nrule ${alert.rule}, suite ${alert.suite}\n`,
      headers: { 'X-Millrace-Dedup-Key': alert.dedupKey },
    });
  } catch (error) {
    const { code = 'failed', responseCode } = error as {
      readonly code?: string;
      readonly responseCode?: number;
    };
    throw new ExternalError('ALR2001', {
      message: `channel ${channel.name} (email): the server did not take it (${code}${responseCode === undefined ? '' : ` ${responseCode}`})`,
    });
  } finally {
    transport.close();
  }
}
