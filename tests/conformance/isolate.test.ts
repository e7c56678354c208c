/* How many statements the fuzzer needs to find what a judge refuses or fails on: here the judge takes whole numbers, names
 * the line of what is none, as Flink's validator does, and fails on 13 without saying why, as a job does. */

import { expect, test } from 'vitest';
import { FlinkError } from '../../tools/flink.ts';
import { askMany } from '../../tools/fuzz/isolate.ts';
import { NoAnswer } from '../../tools/fuzz/line.ts';

interface Asked {
  readonly answers: readonly string[];
  readonly statements: number;
}

async function ask(questions: readonly string[]): Promise<Asked> {
  let statements = 0;
  const answers = await askMany<string, string>(questions, {
    text: (question) => question,
    ask: (some) => {
      statements++;
      let line = 1;
      for (const question of some) {
        const text = question.trim();
        if (!/^\d+$/.test(text))
          return Promise.reject(
            new FlinkError(`From line ${line}, column 1 to line ${line}, column 9: ${text}`),
          );
        line += question.split('\n').length;
      }
      if (some.some((q) => q.trim() === '13')) return Promise.reject(new FlinkError('Job failed'));
      if (some.some((q) => q.trim() === '99')) return Promise.reject(new NoAnswer('no answer'));
      return Promise.resolve(some.map((q) => String(Number(q) * 2)));
    },
    refusal: (error) => (error instanceof NoAnswer ? 'silent' : `no: ${error.message.split(': ').at(-1)}`),
  });
  return { answers, statements };
}
const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i + 100));

test('what all take is one statement', async () => {
  expect(await ask(['1', '2', '3'])).toEqual({ answers: ['2', '4', '6'], statements: 1 });
  expect(await ask([])).toEqual({ answers: [], statements: 0 });
});
test('what is refused by its line costs two statements more, wherever it stands', async () => {
  for (const at of [0, 7, 119]) {
    const questions = numbers(119).toSpliced(at, 0, 'x');
    const { answers, statements } = await ask(questions);
    expect(answers).toEqual(questions.map((q) => (q === 'x' ? 'no: x' : String(Number(q) * 2))));
    expect(statements).toBe(3);
  }
});
test('a question of several lines is counted as such', async () => {
  const { answers, statements } = await ask(['1\n', '\n2', 'x', '3\n\n', 'y']);
  expect(answers).toEqual(['2', '4', 'no: x', '6', 'no: y']);
  expect(statements).toBe(5);
});
test('what fails without a line is found by halves, and what is silent too', async () => {
  const questions = numbers(64).toSpliced(40, 1, '13').toSpliced(3, 1, '99');
  const { answers, statements } = await ask(questions);
  expect(answers[40]).toBe('no: Job failed');
  expect(answers[3]).toBe('silent');
  expect(answers.filter((a) => /^\d+$/.test(a))).toHaveLength(62);
  expect(statements).toBeLessThan(30);
});
