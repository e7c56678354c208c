/* Asks Flink for one expression of each call shape, over the columns of the table of samples: what npm run fuzz compares by
 * chance, a fixed part of it for npm test. */

import { join } from 'node:path';
import type { SampleAnswer } from '../../tests/conformance/answers.ts';
import { askOver, oursOver, questionOf, type ColumnAnswer } from '../fuzz/columns.ts';
import { Generator, shapes } from '../fuzz/generate.ts';
import { JudgeOfMany } from '../fuzz/line.ts';
import { writeSamples } from '../fuzz/table.ts';
import { counted, type Judge } from './judge.ts';

const seed = 2300;
/** Tries for a shape until we give values. */
const triesMax = 40;
const atOnce = 60;

interface Chosen {
  readonly shape: string;
  readonly answer: ColumnAnswer;
}

function choose(): Chosen[] {
  const generator = new Generator(seed);
  return shapes.flatMap((shape) => {
    for (let i = 0; i < triesMax; i++) {
      const answer = oursOver(generator.overColumns(generator.fill(shape)));
      if (answer.error === undefined && answer.sql.includes('`')) return [{ shape, answer }];
    }
    return [];
  });
}

export async function recordSamples(judge: Judge): Promise<SampleAnswer[]> {
  const line = new JudgeOfMany(judge).line();
  const path = join(judge.folder, 'samples.json');
  writeSamples(path);
  const chosen = choose();
  const parts = Array.from({ length: Math.ceil(chosen.length / atOnce) }, (_, i) =>
    chosen.slice(i * atOnce, (i + 1) * atOnce),
  );
  const answers = await counted(`samples, ${atOnce} at once,`, parts, async (part) => {
    const theirs = await askOver(
      line,
      path,
      part.map(({ answer }) => questionOf(answer)),
    );
    return part.flatMap(({ shape, answer: { sql } }, i): SampleAnswer[] => {
      const { type, values, error } = theirs[i]!;
      if (error !== undefined || type === undefined) return [];
      const given = [...values.entries()].filter(([, v]) => v !== undefined);
      return [{ sql, shape, type, values: Object.fromEntries(given) as SampleAnswer['values'] }];
    });
  });
  return answers.flat();
}
