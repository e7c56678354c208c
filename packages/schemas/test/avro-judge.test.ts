/* Random pairs of schemas, and what Apache Avro for Java says of them: the text, the parsing form, the fingerprint, and
 * every reason why one cannot read the other. */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Rng, UserError } from '#base';
import { avroIncompatibilities, parseAvro, parsingForm, printAvro, rabinFingerprint } from '#schemas';
import { avroJava } from '../../../tools/registry-clients.ts';
import { RandomAvro } from './random-avro.ts';

const pairCount = Number(process.env['MILLRACE_AVRO_PAIRS'] ?? 1500);
const seed = Number(process.env['MILLRACE_SEED'] ?? 20_261_129);

interface Answer {
  readonly error?: string;
  readonly text?: string;
  readonly form?: string;
  readonly rabin?: string;
  readonly reasons?: readonly { readonly rule: string; readonly about: string; readonly path: string }[];
}
interface Pair {
  readonly reader: string;
  readonly writer: string;
}
function pairs(): Pair[] {
  const rng = new Rng(seed);
  return Array.from({ length: pairCount }, () => {
    const random = new RandomAvro(rng);
    const writer = random.root();
    const reader = rng.double() < 0.9 ? random.changed(writer) : random.root();
    return { reader: JSON.stringify(reader), writer: JSON.stringify(writer) };
  });
}
function ours({ reader, writer }: Pair): Answer {
  try {
    const [r, w] = [reader, writer].map((text) => parseAvro(text, { checkDefaults: true }));
    return {
      text: printAvro(r!),
      form: parsingForm(r!),
      rabin: rabinFingerprint(r!),
      reasons: avroIncompatibilities(r!, w!).map(({ rule, about, path }) => ({ rule, about, path })),
    };
  } catch (error) {
    if (error instanceof UserError) return { error: error.message };
    throw error;
  }
}
const reasonsOf = ({ reasons = [] }: Answer): string[] => reasons.map((r) => `${r.rule} ${r.about}`).sort();

/** What we answer otherwise on purpose. */
function isKnown(theirs: Answer, mine: Answer): boolean {
  // Java lets a type be defined again while the first is still open.
  if (mine.error?.includes('defined twice')) return true;
  // It throws where a field has aliases for several, even in a branch that need not do; here that is one more reason.
  if (theirs.error?.includes('matches multiple fields')) return mine.error === undefined;
  // A missing field whose type is an enum with a default is compared with the record that lacks it.
  const odd = 'reader type: ENUM not compatible with writer type: RECORD';
  return (theirs.reasons?.some((r) => r.about === odd) ?? false) && (mine.reasons?.length ?? 0) > 0;
}

test('random pairs are as Apache Avro says', async ({ skip }) => {
  const java = await avroJava(join(import.meta.dirname, 'java'));
  if ('missing' in java) return skip(java.missing);
  const asked = pairs();
  const input = asked.map((pair) => `${JSON.stringify(pair)}\n`).join('');
  const output = execFileSync('java', ['-XX:+UseSerialGC', '-cp', java.classPath, 'AvroJudge'], {
    input,
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const answers = output
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Answer);
  const counts = { compatible: 0, incompatible: 0, known: 0, refused: 0 };
  for (const [i, pair] of asked.entries()) {
    const [theirs, mine] = [answers[i]!, ours(pair)];
    const label = `seed ${seed}, pair ${i}: ${pair.reader} reads ${pair.writer}`;
    if (isKnown(theirs, mine)) counts.known++;
    else if (theirs.error !== undefined || mine.error !== undefined) {
      expect(mine.error !== undefined, `${label}: ${theirs.error} / ${mine.error}`).toBe(
        theirs.error !== undefined,
      );
      counts.refused++;
    } else {
      expect({ ...mine, reasons: [] }, label).toEqual({ ...theirs, reasons: [] });
      expect(reasonsOf(mine), label).toEqual(reasonsOf(theirs));
      if (mine.reasons!.length === 0) counts.compatible++;
      else counts.incompatible++;
    }
  }
  // The pairs are of all sorts.
  expect(Math.min(counts.compatible, counts.incompatible), JSON.stringify(counts)).toBeGreaterThan(
    pairCount / 10,
  );
});
