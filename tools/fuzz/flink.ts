/* What Flink makes of expressions: many in one statement, halves of one that fails. */

import type { FlinkError } from '../flink.ts';
import { askMany } from './isolate.ts';
import { NoAnswer, type Line } from './line.ts';
import type { Answer } from './ours.ts';
import { shown } from './ours.ts';

/** An expression, and whether it gives bytes, which CAST to STRING would not show. */
export interface Question {
  readonly sql: string;
  readonly bytes: boolean;
}

/** The class of a refusal: of the parser and validator, or of a job that did not run through. */
export function refusal(error: FlinkError | NoAnswer): { error: 'refused' | 'failed'; message: string } {
  const text = error.message;
  if (error instanceof NoAnswer) return { error: 'failed', message: text };
  const refused =
    /SqlParserException|ValidationException|SqlValidatorException|CalciteContextException/.test(text) &&
    !/JobExecutionException|NoRestartBackoffTimeStrategy/.test(text);
  return { error: refused ? 'refused' : 'failed', message: error.reason };
}

/** Answers in the order of the questions. */
export async function ask(line: Line, questions: readonly Question[]): Promise<Answer[]> {
  return await askMany<Question, Answer>(questions, {
    text: ({ sql }) => `${sql}${sql}`,
    ask: async (some) => {
      const columns = some.map(
        ({ sql, bytes }, i) => `${shown(sql, bytes)} AS v${i}, TYPEOF(${sql}) AS t${i}`,
      );
      const { rows } = await line.run([`SELECT ${columns.join(',\n')}`]);
      const cells = rows[0]!.fields as readonly (string | null)[];
      return some.map((_, i) => ({ value: cells[2 * i]!, type: cells[2 * i + 1]! }));
    },
    refusal,
  });
}
