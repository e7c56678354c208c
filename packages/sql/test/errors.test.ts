/* Golden texts of what a user sees for a mistake. Each file in errors/ holds cases `SQL`, `=>`, `error`, with
 * a line of dashes between them; `vitest -u` writes the errors anew, and a person reads the difference. */

import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderError, toMillraceError, UserError } from '#base';
import { parseScript } from '#sql';

const folder = new URL('./errors/', import.meta.url);
const between = '\n----\n';

function errorOf(text: string): string {
  try {
    parseScript(text);
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    return renderError(toMillraceError(thrown), { text });
  }
  return '(no error)';
}

for (const file of readdirSync(folder)) {
  test(`mistakes of ${file}`, async () => {
    const cases = readFileSync(new URL(file, folder), 'utf8').trimEnd().split(between);
    const inputs = cases.map((text) => text.split('\n=>\n')[0] ?? '');
    const golden = `${inputs.map((text) => `${text}\n=>\n${errorOf(text)}`).join(between)}\n`;
    expect(golden).not.toContain('(no error)');
    await expect(golden).toMatchFileSnapshot(new URL(file, folder).pathname);
  });
}
