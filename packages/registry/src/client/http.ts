/* One HTTP request, with what a registry needs of it: TLS with certificates of one's own, a bound on time and size. */

import { request as plainRequest } from 'node:http';
import { request as secureRequest } from 'node:https';

export interface TlsOptions {
  /** PEM of who signed the registry's certificate. */
  readonly ca?: string;
  /** PEM of the client's own certificate. */
  readonly cert?: string;
  readonly key?: string;
  /** Both of them in one file of PKCS12, and its password. */
  readonly pfx?: Buffer;
  readonly passphrase?: string;
}
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly timeoutMs: number;
  readonly tls: TlsOptions;
}
export interface HttpAnswer {
  readonly status: number;
  readonly body: string;
}
const answerBytesMax = 64 << 20;

/** Rejects with what the system, or the bound, says. */
export function sendRequest({
  method,
  url,
  headers,
  body,
  timeoutMs,
  tls,
}: HttpRequest): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const options = { method, headers, timeout: timeoutMs, ...(url.protocol === 'https:' ? tls : {}) };
    const sent = (url.protocol === 'https:' ? secureRequest : plainRequest)(url, options, (response) => {
      const parts: Buffer[] = [];
      let bytes = 0;
      response.on('data', (part: Buffer) => {
        bytes += part.length;
        if (bytes > answerBytesMax) sent.destroy(new Error('the answer is too large'));
        parts.push(part);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(parts).toString() }),
      );
      response.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}
