/* What is asked of OpenAI's services, and how the answer is read: one row a choice, or an embedding. */

import { ExternalError } from '#base';
import type { Options } from '#catalog';
import type { Row } from '#data';
import type { OpenAiOptions } from './options.ts';

/** What is sent for a text, as JSON. */
export function question({ task, parsed }: OpenAiOptions, text: string): string {
  const model = parsed.require('model');
  return JSON.stringify(
    task === 'embeddings'
      ? { input: text, model, dimensions: parsed.number('dimension'), encoding_format: 'float' }
      : { messages: messages(parsed, text), model, ...choices(parsed) },
  );
}
const messages = (parsed: Options, text: string): readonly object[] => [
  { role: 'system', content: parsed.require('system-prompt') },
  { role: 'user', content: text },
];
const choices = (parsed: Options): object => ({
  max_tokens: parsed.number('max-tokens'),
  n: parsed.number('n'),
  presence_penalty: parsed.number('presence-penalty'),
  response_format: parsed.has('response-format') ? { type: parsed.enum('response-format') } : undefined,
  seed: parsed.number('seed'),
  // As Java splits: empty texts at the end are none.
  stop: parsed.string('stop')?.replace(/,+$/, '').split(','),
  temperature: parsed.number('temperature'),
  top_p: parsed.number('top-p'),
});

interface Answer {
  readonly choices?: readonly { readonly message?: { readonly content?: string | null } }[];
  readonly data?: readonly { readonly embedding?: readonly number[] }[];
}

/** The rows of an answer. Throws ExternalError for what is none. */
export function rowsOf({ task }: OpenAiOptions, body: string, service: string): Row[] {
  const answer = parsed(body) as Answer | undefined;
  const rows =
    task === 'embeddings'
      ? answer?.data?.map(({ embedding }) =>
          Array.isArray(embedding) ? [embedding.map(Math.fround)] : undefined,
        )
      : answer?.choices?.map(({ message }) => (message === undefined ? undefined : [message.content ?? '']));
  if (rows?.every((row) => row !== undefined) === true) return rows;
  throw new ExternalError('MDL2001', {
    message: `${service} answered with what is no ${task === 'embeddings' ? 'list of embeddings' : 'chat completion'}: ${body.slice(0, 200)}`,
  });
}

/** What an error of the service says. */
export function errorText(body: string): string {
  const { error } = (parsed(body) ?? {}) as { readonly error?: { readonly message?: unknown } | string };
  const message = typeof error === 'object' ? error.message : error;
  return typeof message === 'string' ? message : body.slice(0, 200);
}

function parsed(body: string): object | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
