/* The table of requests in docs/broker.md, from what the broker advertises. */

import { apis } from '#kafka';
import { servedApis } from '../../packages/broker/src/requests/index.ts';
import { markedPage } from './marked-page.ts';

export function brokerDoc(): string {
  const rows = servedApis()
    .map((name) => ({ name, ...apis[name] }))
    .sort((a, b) => a.key - b.key)
    .map(({ key, name, min, max }) => `| ${key} | ${name} | ${min === max ? min : `${min} to ${max}`} |`);
  return markedPage('docs/broker.md', 'requests', [
    ['| Key | Request | Versions |', '|---|---|---|', ...rows].join('\n'),
  ]);
}
