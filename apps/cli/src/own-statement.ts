/* Statements that a command writes from its flags. The user never sees their text, so a mistake in what the flags gave comes
 * without a place in it. */

import { UserError } from '#base';
import type { Execution, Executor } from '#engine';
import { parseStatement } from '#sql';

/** Runs one. Throws what the executor throws, of the user's mistakes without their place. */
export async function executeOwn(engine: Executor, sql: string): Promise<Execution> {
  try {
    return await engine.execute(parseStatement(sql));
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.at === undefined) throw thrown;
    const { code, message, hint } = thrown;
    throw new UserError(code, { message, hint, cause: thrown });
  }
}
