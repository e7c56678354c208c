/* millrace dlq list and show: letters by reason with samples, and one by one. */

import { UserError } from '#base';
import { badRowStages } from '#job';
import { safeText } from '../results/cell.ts';
import { dim, out } from '../terminal.ts';
import { counted, number } from '../topic/flags.ts';
import type { DlqFlags } from './flags.ts';
import type { Letter } from './letter.ts';
import { knownSources, letters, letterSource } from './source.ts';

/** Characters of a value in a line. */
const shownMax = 120;

interface Reason {
  readonly table: string;
  readonly stage: string;
  readonly code: string;
  /** The message without what differs from letter to letter. */
  readonly reason: string;
  count: number;
  replayed: number;
  readonly first: Letter;
  last: Letter;
}

export async function list(name: string | undefined, flags: DlqFlags): Promise<number> {
  const names = name === undefined ? await knownSources(flags) : [name];
  if (names.length === 0 && flags.json !== true)
    out('no dead letters: none in .millrace/dlq, and no topic *.dlq');
  for (const one of names) await listOne(one, flags);
  return 0;
}
async function listOne(name: string, flags: DlqFlags): Promise<void> {
  const reasons = new Map<string, Reason>();
  let all = 0;
  for await (const letter of letters(await letterSource(name, flags))) {
    if (!asked(letter, flags)) continue;
    all++;
    const { table, stage, code } = letter;
    const reason = reasonOf(letter.message);
    const key = [table, stage, code, reason].join('\n');
    const known = reasons.get(key) ?? {
      table,
      stage,
      code,
      reason,
      count: 0,
      replayed: 0,
      first: letter,
      last: letter,
    };
    reasons.set(key, known);
    known.count++;
    if (letter.replayed > 0) known.replayed++;
    known.last = letter;
  }
  const sorted = [...reasons.values()].sort((a, b) => b.count - a.count);
  if (flags.json === true) {
    for (const r of sorted) out(JSON.stringify({ letters: name, ...asJson(r) }));
    return;
  }
  out(`${name}  ${dim(counted(all, 'letter'))}`);
  for (const r of sorted) {
    const back = r.replayed === 0 ? '' : `, ${r.replayed.toLocaleString('en')} came back after a replay`;
    out(
      `  ${r.count.toLocaleString('en')} × ${r.stage} ${r.code} of ${r.table}${back}: ${safeText(r.reason)}`,
    );
    out(
      dim(
        `    e.g. ${r.first.id}${r.first.place === '' ? '' : `, ${safeText(r.first.place)}`}: ${valueText(r.first)}`,
      ),
    );
  }
}
const asJson = (r: Reason): Record<string, unknown> => ({
  table: r.table,
  stage: r.stage,
  code: r.code,
  reason: r.reason,
  count: r.count,
  replayed: r.replayed,
  first: r.first.failedAt,
  last: r.last.failedAt,
  sample: letterJson(r.first),
});

/** Numbers and quoted parts of a message are of one letter; the rest is the reason. */
const reasonOf = (message: string): string =>
  message.replace(/'(?:[^'\\]|\\.)*'/g, "'…'").replace(/\d+/g, 'N');

export async function show(name: string, flags: DlqFlags): Promise<number> {
  const max = number('limit', flags.limit, 10);
  let shown = 0;
  for await (const letter of letters(await letterSource(name, flags))) {
    if (!asked(letter, flags)) continue;
    if (shown++ >= max) break;
    if (flags.json === true) out(JSON.stringify(letterJson(letter)));
    else for (const line of letterLines(letter)) out(line);
  }
  return 0;
}

/** Throws CLI1004 for a stage that there is not. */
function asked(letter: Letter, { stage, code }: DlqFlags): boolean {
  if (stage !== undefined && !badRowStages.some((s) => s === stage))
    throw new UserError('CLI1004', { message: `--stage ${stage}: expected ${badRowStages.join(', ')}` });
  return (stage === undefined || letter.stage === stage) && (code === undefined || letter.code === code);
}

function letterLines(letter: Letter): string[] {
  const { id, stage, code, table, job, message, place, failedAt, headers, replayed } = letter;
  const at = failedAt === undefined ? '' : ` at ${new Date(failedAt).toISOString()}`;
  return [
    `${id}  ${stage} ${code} of ${table} in ${job}${at}`,
    `  ${safeText(message)}`,
    ...(place === '' ? [] : [`  from ${safeText(place)}`]),
    ...(replayed === 0 ? [] : [`  came back after ${counted(replayed, 'replay')}`]),
    ...(letter.key === null ? [] : [`  key ${bytesText(letter.key)}`]),
    `  ${letter.content === 'row' ? 'row' : 'value'} ${valueText(letter)}`,
    ...headers.map((h) => `  header ${safeText(h.key)}: ${h.value === null ? 'NULL' : bytesText(h.value)}`),
  ];
}
function valueText({ content, value }: Letter): string {
  if (content === 'reference') return 'too large for a letter: it lies where it was';
  return value === null ? 'NULL' : bytesText(value);
}
function bytesText(bytes: Uint8Array): string {
  const text = safeText(new TextDecoder().decode(bytes.subarray(0, shownMax * 4)));
  const isCut = text.length > shownMax || bytes.length > shownMax * 4;
  return isCut ? `${text.slice(0, shownMax)}… (${bytes.length.toLocaleString('en')} bytes)` : text;
}
const base64 = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : Buffer.from(bytes).toString('base64');
function letterJson({ mark: _, ...letter }: Letter): Record<string, unknown> {
  return {
    ...letter,
    key: base64(letter.key),
    value: base64(letter.value),
    headers: Object.fromEntries(letter.headers.map((h) => [h.key, base64(h.value)])),
  };
}
