/* docs/settings.md from the table of settings. */

import { settingSpecs } from '#plan';

export function settingsDoc(): string {
  const rows = settingSpecs.map(
    (s) => `| \`${s.key}\` | \`${s.default === '' ? ' ' : s.default}\` | ${s.doc} |`,
  );
  return [
    '# Settings',
    '',
    "`SET 'key' = 'value'` takes any of Flink's keys. These have an effect; any other is accepted with a warning, and an unknown `millrace.` key is an error.",
    '',
    '| key | default | what it does |',
    '|---|---|---|',
    ...rows,
    '',
    'Options of any table that begin with `millrace.` say what becomes of its bad and late rows: [bad-data.md](bad-data.md).',
    '',
  ].join('\n');
}
