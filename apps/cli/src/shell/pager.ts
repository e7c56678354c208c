/* Text that is longer than the screen goes through a pager: $MILLRACE_PAGER, $PAGER, or less. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { isTerminal, screen, taken, write } from '../terminal.ts';

/** Stops reading keys while another program has the terminal; returns what takes it back. */
export type Suspend = () => () => void;

const linesPerPart = 500;

/** Writes the lines, by way of the pager where they are more than the screen holds. */
export async function page(lines: Iterable<string>, count: number, suspend: Suspend): Promise<void> {
  const command = process.env['MILLRACE_PAGER'] ?? process.env['PAGER'] ?? 'less';
  if (isTerminal() && count >= screen().rows && command !== '' && command !== 'cat') {
    if (await through(command, lines, suspend)) return;
  }
  for (const part of parts(lines)) {
    write(part);
    await taken();
  }
}

function* parts(lines: Iterable<string>): Iterable<string> {
  let part: string[] = [];
  for (const line of lines) {
    part.push(line);
    if (part.length < linesPerPart) continue;
    yield `${part.join('\n')}\n`;
    part = [];
  }
  if (part.length > 0) yield `${part.join('\n')}\n`;
}

/** False when the pager could not be started. */
async function through(command: string, lines: Iterable<string>, suspend: Suspend): Promise<boolean> {
  const resume = suspend();
  try {
    // Chop long lines, keep colours, leave the screen as it was only if all fits.
    const env = { ...process.env, LESS: process.env['LESS'] ?? 'SRFX' };
    const child = spawn(command, { shell: true, stdio: ['pipe', 'inherit', 'inherit'], env });
    const ended = once(child, 'exit') as Promise<[number | null]>;
    let gone = false;
    // A pager that is left before it has read all.
    child.stdin.on('error', () => {
      gone = true;
    });
    for (const part of parts(lines)) {
      if (gone || child.exitCode !== null) break;
      if (!child.stdin.write(part)) await Promise.race([once(child.stdin, 'drain').catch(() => {}), ended]);
    }
    child.stdin.end();
    const [code] = await ended;
    return code !== 127;
  } finally {
    resume();
  }
}
