/* The options of the provider openai, as Flink's flink-model-openai has them. */

import { UserError } from '#base';
import { parseOptions, type ModelTable, type Options, type OptionSpec } from '#catalog';
import { resolveSecrets } from '../secrets.ts';

export const openaiOptionSpecs: readonly OptionSpec[] = [
  {
    key: 'endpoint',
    type: 'string',
    required: true,
    doc: 'The whole URL: `https://api.openai.com/v1/chat/completions` or `https://api.openai.com/v1/embeddings`. Its end says what is asked for.',
  },
  {
    key: 'api-key',
    type: 'string',
    required: true,
    doc: 'The key; better as a secret: `${env:OPENAI_API_KEY}`.',
  },
  { key: 'model', type: 'string', required: true, doc: 'The name of the model there: `gpt-4o-mini`.' },
  {
    key: 'error-handling-strategy',
    type: 'enum',
    values: ['retry', 'failover', 'ignore'],
    default: 'retry',
    doc: 'What an error does: the question is asked again, the job fails, or the row is left out, with a warning.',
  },
  { key: 'retry-num', type: 'int', default: '100', doc: 'How often a question is asked again.' },
  {
    key: 'retry-fallback-strategy',
    type: 'enum',
    values: ['failover', 'ignore'],
    default: 'failover',
    doc: 'What the error does that is left when all retries were in vain, or would be.',
  },
  {
    key: 'max-context-size',
    type: 'int',
    doc: "Refused here: it counts tokens, as the model's own tokenizer does, which is not here.",
  },
  {
    key: 'context-overflow-action',
    type: 'enum',
    values: [
      'truncated-tail',
      'truncated-tail-log',
      'truncated-head',
      'truncated-head-log',
      'skipped',
      'skipped-log',
    ],
    default: 'truncated-tail',
    doc: 'Accepted for Flink; without `max-context-size` it has no effect there either.',
  },
  {
    key: 'system-prompt',
    type: 'string',
    aliases: ['systemPrompt'],
    default: 'You are a helpful assistant.',
    doc: 'Chat: what the system says first.',
  },
  { key: 'temperature', type: 'double', doc: 'Chat: how much chance there is in answers.' },
  { key: 'top-p', type: 'double', aliases: ['topP'], doc: 'Chat: how likely tokens must be to be chosen.' },
  { key: 'stop', type: 'string', doc: 'Chat: texts that end an answer, separated by commas.' },
  { key: 'max-tokens', type: 'long', aliases: ['maxTokens'], doc: 'Chat: tokens of an answer at most.' },
  { key: 'presence-penalty', type: 'double', doc: 'Chat: from -2 to 2; above 0, answers repeat less.' },
  { key: 'n', type: 'long', doc: 'Chat: answers to a question, each a row.' },
  { key: 'seed', type: 'long', doc: 'Chat: equal seeds give equal answers, as far as the service can.' },
  {
    key: 'response-format',
    type: 'enum',
    values: ['text', 'json_object'],
    doc: 'Chat: what answers are.',
  },
  { key: 'dimension', type: 'long', doc: 'Embeddings: how many numbers an answer has.' },
];

export type Strategy = 'retry' | 'failover' | 'ignore';
export type Task = 'chat/completions' | 'embeddings';

export interface OpenAiOptions {
  readonly task: Task;
  readonly url: string;
  readonly parsed: Options;
}

/** Throws UserError for an endpoint that is none of the two, and for what is not done here. */
export function openaiOptions({ path, options }: ModelTable): OpenAiOptions {
  const owner = `model "${path.object}" of the provider 'openai'`;
  const parsed = parseOptions({ owner, specs: openaiOptionSpecs }, options);
  if (parsed.has('max-context-size'))
    throw new UserError('MDL1001', {
      at: parsed.at('max-context-size'),
      message: `model "${path.object}": 'max-context-size' is not supported here: it counts tokens, and the tokenizer of the model is not here`,
      hint: 'Bound the text in SQL: SUBSTRING(text, 1, 4000) in the query that ML_PREDICT reads.',
    });
  const url = parsed.require('endpoint').replace(/\/+$/, '');
  const task = (['chat/completions', 'embeddings'] as const).find((t) => url.endsWith(`/${t}`));
  if (task !== undefined) return { task, url, parsed };
  throw new UserError('MDL1001', {
    at: parsed.at('endpoint'),
    message: `model "${path.object}": Unsupported endpoint: ${parsed.require('endpoint')}`,
    hint: 'It ends with /chat/completions or /embeddings.',
  });
}

/** Read when it is needed, and given to nothing that prints. */
export const apiKey = ({ parsed }: OpenAiOptions): string => resolveSecrets(parsed.require('api-key'));
