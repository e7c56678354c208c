/* What Flink makes of expressions: many in one statement, halves of one that fails. */

import { FlinkError, type FlinkSession } from '../flink.ts';
import type { Answer } from './ours.ts';
import { shown } from './ours.ts';

/** An expression, and whether it gives bytes, which CAST to STRING would not show. */
export interface Question {
  readonly sql: string;
  readonly bytes: boolean;
}

/** The class of a refusal: of the parser and validator, or of a job that did not run through. */
export function refusal(error: FlinkError): { error: 'refused' | 'failed'; message: string } {
  const text = error.message;
  const refused =
    /SqlParserException|ValidationException|SqlValidatorException|CalciteContextException/.test(text) &&
    !/JobExecutionException|NoRestartBackoffTimeStrategy/.test(text);
  return { error: refused ? 'refused' : 'failed', message: error.reason };
}

/** Answers in the order of the questions. */
export async function ask(session: FlinkSession, questions: readonly Question[]): Promise<Answer[]> {
  if (questions.length === 0) return [];
  try {
    const columns = questions.map(
      ({ sql, bytes }, i) => `${shown(sql, bytes)} AS v${i}, TYPEOF(${sql}) AS t${i}`,
    );
    const { rows } = await session.execute(`SELECT ${columns.join(', ')}`);
    const cells = rows[0]!.fields as readonly (string | null)[];
    return questions.map((_, i) => ({ value: cells[2 * i]!, type: cells[2 * i + 1]! }));
  } catch (error) {
    if (!(error instanceof FlinkError)) throw error;
    if (questions.length === 1) return [refusal(error)];
    const half = Math.ceil(questions.length / 2);
    return [
      ...(await ask(session, questions.slice(0, half))),
      ...(await ask(session, questions.slice(half))),
    ];
  }
}
