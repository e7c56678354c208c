/* Random .proto files, and what protoc makes of them: the same descriptor as ours, of the text and of the text that we print
 * from that descriptor; and of damaged ones, nothing refused that protoc takes. */

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Rng, UserError } from '#base';
import { parseSchema } from '#schemas';
import { runProgram } from '../../../tools/clients.ts';
import { protocPython } from '../../../tools/registry-clients.ts';
import { damaged, RandomProto } from './random-proto.ts';

const fileCount = Number(process.env['MILLRACE_PROTO_FILES'] ?? 100);
const seed = Number(process.env['MILLRACE_SEED'] ?? 20_261_129);

interface Asked {
  readonly text: string;
  /** Null where we refuse it. */
  readonly ours: string | null;
  readonly again: string;
  readonly why: string;
}
function ask(text: string): Asked {
  try {
    const ours = parseSchema('PROTOBUF', text).formatted('serialized');
    return { text, ours, again: parseSchema('PROTOBUF', ours).text, why: '' };
  } catch (error) {
    if (error instanceof UserError) return { text, ours: null, again: '', why: error.message };
    throw error;
  }
}
type Answer = { readonly error?: string; readonly differs?: readonly [string, string] } | null;

async function judge(asked: readonly Asked[], env: Record<string, string>): Promise<Answer[]> {
  const input = asked.map((a) => `${JSON.stringify(a)}\n`).join('');
  const program = join(import.meta.dirname, 'python', 'protoc_judge.py');
  const output = await runProgram('python3', [program], input, env);
  return output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
}

test('random files are as protoc reads them', { timeout: 600_000 }, async ({ skip }) => {
  const python = await protocPython();
  if ('missing' in python) return skip(python.missing);
  const rng = new Rng(seed);
  const asked = Array.from({ length: fileCount }, () => ask(new RandomProto(rng).file()));
  for (const [i, answer] of (await judge(asked, python.env)).entries())
    expect({ why: asked[i]!.why, answer }, `seed ${seed}, file ${i}:\n${asked[i]!.text}`).toEqual({
      why: '',
      answer: null,
    });
});

test('of damaged files none is refused that protoc takes, and few are taken that it refuses', {
  timeout: 600_000,
}, async ({ skip }) => {
  const python = await protocPython();
  if ('missing' in python) return skip(python.missing);
  const rng = new Rng(seed + 1);
  const asked = Array.from({ length: fileCount }, () => ask(damaged(new RandomProto(rng).file(), rng)));
  const counts = { taken: 0, refused: 0, unknown: 0 };
  for (const [i, answer] of (await judge(asked, python.env)).entries()) {
    const { text, ours, why } = asked[i]!;
    const label = `seed ${seed}, file ${i}: ${why} / ${answer?.error}\n${text}`;
    if (ours === null) {
      expect(answer?.error, label).toBeDefined();
      counts.refused++;
    } else if (/unknown\. Ensure that your proto definition|was listed twice/.test(answer?.error ?? '')) {
      // An option that a newer compiler may know; an import twice, which Confluent's registry takes too.
      counts.unknown++;
    } else {
      expect(answer, label).toBeNull();
      counts.taken++;
    }
  }
  expect(Math.min(counts.taken, counts.refused), JSON.stringify(counts)).toBeGreaterThan(0);
});
