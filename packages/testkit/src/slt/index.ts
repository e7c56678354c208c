/* Test files in all their modes: what `millrace test` and our own tests run. */

import { toMillraceError, UserError } from '#base';
import type { ConnectorRegistry, ModelProvider } from '#catalog';
import type { LoadModule } from '#engine';
import type { LoadChecks } from '#plan';
import { withIncludes, type ReadIncluded } from './include.ts';
import { parseTestFile, type Directive, type Item } from './parse.ts';
import { runItems, type Failure } from './runner.ts';
import { modes, ownModes, type Mode } from './session.ts';

export interface TestOutcome {
  readonly mode: Mode;
  readonly status: 'pass' | 'fail' | 'skip';
  readonly failure: Failure | undefined;
}
export interface TestOptions {
  readonly mode: Mode | 'all';
  readonly connectors: ConnectorRegistry;
  readonly seed?: number;
  /** Reads what `include` names; without, a file that includes another fails. */
  readonly include?: ReadIncluded;
  /** Who runs models, beside functions of TypeScript. */
  readonly modelProviders?: readonly ModelProvider[];
  /** Where functions come from that name a module. */
  readonly loadModule?: LoadModule;
  /** What is expected of the rows of tables that name a suite. */
  readonly loadChecks?: LoadChecks;
}
/** Seeds that crash mode tries until a restored operator held state. */
const crashSeeds = 12;

/** Runs the file's text in the asked modes. Never throws for what the file does wrong: that is a failure. */
export async function runTestFile(text: string, options: TestOptions): Promise<TestOutcome[]> {
  let items: Item[];
  try {
    items = withIncludes(parseTestFile(text), options.include);
    if (items.length === 0)
      throw new UserError('SLT1005', { message: 'nothing is tested: the file has no statement' });
  } catch (thrown) {
    const error = toMillraceError(thrown);
    return [
      {
        mode: 'plain',
        status: 'fail',
        failure: { line: error.at?.line ?? 1, message: error.message, expected: [], actual: [] },
      },
    ];
  }
  const plainOnly = items.some((i) => i.kind === 'directive' && i.word === 'mode' && i.args === 'plain');
  const outcomes: TestOutcome[] = [];
  for (const mode of options.mode === 'all' ? modes : [options.mode]) {
    if (plainOnly && mode !== 'plain') outcomes.push({ mode, status: 'skip', failure: undefined });
    else outcomes.push({ mode, ...(await runMode(items, mode, options)) });
  }
  return outcomes;
}

async function runMode(
  items: readonly Item[],
  mode: Mode,
  options: TestOptions,
): Promise<{ status: 'pass' | 'fail'; failure: Failure | undefined }> {
  const seed = options.seed ?? 1;
  const run = async (s: number): Promise<Awaited<ReturnType<typeof runItems>>> =>
    await runItems(items, { ...options, mode, seed: s, style: 'table', update: false });
  if (mode === 'parallel') {
    for (const s of [2, 3]) {
      const { failure } = await run(s);
      if (failure) return { status: 'fail', failure };
    }
    return { status: 'pass', failure: undefined };
  }
  if (!['crash', 'rescale', 'slow', 'disk'].includes(mode)) {
    const { failure } = await run(seed);
    return { status: failure ? 'fail' : 'pass', failure };
  }
  let counted = false;
  const moves = items.some((i) => i.kind === 'directive' && i.word === 'push');
  for (let s = seed; s < seed + crashSeeds && !counted; s++) {
    const { failure, session } = await run(s);
    if (failure)
      return { status: 'fail', failure: { ...failure, message: `${failure.message} (seed ${s})` } };
    counted = session.restores > 0 && (session.restoredState || !session.hasStatefulJobs);
    if (!moves || session.names.length === 0) counted = true;
  }
  if (counted) return { status: 'pass', failure: undefined };
  return {
    status: 'fail',
    failure: {
      line: 1,
      message: `in ${crashSeeds} runs no restored operator held state`,
      expected: [],
      actual: [],
    },
  };
}

/** The file with every block as the plain run gives it. Stops where a statement fails. */
export async function updateTestFile(
  text: string,
  parts: Pick<TestOptions, 'connectors' | 'modelProviders' | 'loadModule' | 'loadChecks'>,
  style: 'table' | 'json',
  include?: ReadIncluded,
): Promise<{ readonly text: string; readonly failure: Failure | undefined }> {
  const items = withIncludes(parseTestFile(text), include);
  const { blocks, failure } = await runItems(items, {
    mode: 'plain',
    seed: 1,
    ...parts,
    style,
    update: true,
  });
  const lines = text.split('\n');
  const directives = items.filter((i): i is Directive => i.kind === 'directive' && blocks.has(i)).reverse();
  for (const d of directives)
    lines.splice(d.blockFrom, d.blockTo - d.blockFrom, ...blocks.get(d)!.map((row) => `  ${row}`));
  return { text: lines.join('\n'), failure };
}
export { modes, ownModes, type Mode, type ReadIncluded };
