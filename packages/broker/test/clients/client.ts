/* A client that nobody here wrote, with a scenario: what it sees of a broker, a line each. */

import type { Servers } from './both.ts';

export interface Client {
  /** What it is, with its version where that is pinned. */
  readonly name: string;
  /** Makes it ready, once; why it cannot run here, or undefined. */
  readonly prepare: () => Promise<string | undefined>;
  /** Runs the scenario. `name` is in the name of all that it makes; ids, times and addresses are left out of the lines. */
  readonly observe: (servers: Servers, name: string) => Promise<readonly string[]>;
  /** How many lines it takes at least for the scenario to have been there. */
  readonly linesMin: number;
}

/** The lines of what a program printed. */
export const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Collects what a scenario in this process sees. */
export class Observations {
  readonly lines: string[] = [];
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }
  say(what: string, answer: unknown): void {
    const plain = (_: string, value: unknown): unknown => {
      if (typeof value === 'bigint') return String(value);
      if (value instanceof Map) return [...value];
      return value;
    };
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer, plain);
    this.lines.push(
      `${what}: ${text}`.replaceAll(this.#name, 'NAME').replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS'),
    );
  }
  async attempt(what: string, make: () => Promise<unknown>): Promise<void> {
    try {
      this.say(what, (await make()) ?? 'done');
    } catch (error) {
      this.say(what, failure(error));
    }
  }
}

/** What was thrown, down to what the broker said. */
function failure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of several the last: those before it were tried again, as often as a broker was not done yet.
  if (error instanceof AggregateError) return failure(error.errors.at(-1));
  const cause = error.cause === undefined ? '' : ` because ${failure(error.cause)}`;
  return `${error.name} ${error.message}${cause}`;
}

let settled = 0;
/** Waits until the broker knows of all that its controller has done: it hears of it in order, and after the answer. */
export async function settle(
  name: string,
  create: (topic: string) => Promise<unknown>,
  list: () => Promise<readonly string[]>,
): Promise<void> {
  // When the second is there, all is done that the first brought along.
  for (let i = 0; i < 2; i++) {
    const marker = `${name}-settled-${settled++}`;
    await create(marker);
    for (let tries = 0; tries < 1500 && !(await list()).includes(marker); tries++);
  }
}

/** Waits until it is so. */
export async function until(what: string, done: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1500; tries++) {
    if (done()) return;
    await new Promise((wake) => setTimeout(wake, 20));
  }
  throw new Error(`did not come: ${what}`);
}
