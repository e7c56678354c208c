/* Many questions in one statement, each on lines of its own. Where it fails, the one at fault is asked alone: Flink's
 * validator names the line, and of what fails later halves are asked. */

import { FlinkError } from '../flink.ts';
import { NoAnswer } from './line.ts';

export interface Asking<Q, A> {
  /** The text of a question, as it stands in the statement: for its line ends. */
  readonly text: (question: Q) => string;
  /** Answers in the order of the questions. Throws FlinkError, or NoAnswer. */
  readonly ask: (questions: readonly Q[]) => Promise<A[]>;
  /** The answer to one that fails. */
  readonly refusal: (error: FlinkError | NoAnswer, question: Q) => A;
}

export async function askMany<Q, A>(questions: readonly Q[], asking: Asking<Q, A>): Promise<A[]> {
  if (questions.length === 0) return [];
  try {
    return await asking.ask(questions);
  } catch (error) {
    if (!(error instanceof FlinkError || error instanceof NoAnswer)) throw error;
    if (questions.length === 1) return [asking.refusal(error, questions[0]!)];
    const at = error instanceof FlinkError ? atFault(error, questions.map(asking.text)) : undefined;
    if (at === undefined) {
      const half = Math.ceil(questions.length / 2);
      const first = await askMany(questions.slice(0, half), asking);
      return [...first, ...(await askMany(questions.slice(half), asking))];
    }
    const [one] = await askMany([questions[at]!], asking);
    const others = await askMany(questions.toSpliced(at, 1), asking);
    return others.toSpliced(at, 0, one!);
  }
}

/** Which of the texts stands on the line that the validator names. The first begins on the first line. */
function atFault(error: FlinkError, texts: readonly string[]): number | undefined {
  const named =
    /[Ll]ine (\d+), column \d+ to line/.exec(error.message) ?? /[Aa]t line (\d+), column/.exec(error.message);
  if (named === null || /CompileException/.test(error.message)) return undefined;
  let line = Number(named[1]);
  for (const [i, text] of texts.entries()) {
    line -= text.split('\n').length;
    if (line < 1) return i;
  }
  return undefined;
}
