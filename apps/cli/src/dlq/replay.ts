/* millrace dlq replay --to-source: records that became letters go back to their topics, bytes, key and headers as they were.
 *
 *   letters behind the mark ─▶ records ─▶ [transaction: records, and the mark behind their letters] ─▶ next
 *
 * Each is sent once: what was not committed when the command was killed is aborted by the next one, which goes on at the mark.
 * How far a topic of letters is replayed are the offsets of the group `millrace-replay`; of files, of one group a file. What
 * comes back again says how often it did (`millrace.replayed`). */

import { UserError } from '#base';
import { KafkaAdmin, ReplayWriter, type Mark } from '#connectors';
import type { MapValue, Row } from '#data';
import { realWorld } from '#host';
import { replayedHeader, replaysOf } from '#job';
import { out, warn } from '../terminal.ts';
import { clientProperties } from '../topic/address.ts';
import { counted } from '../topic/flags.ts';
import type { DlqFlags } from './flags.ts';
import type { Header, Letter } from './letter.ts';
import { letters, query, recordsTable, type LetterSource } from './source.ts';

/** Letters of one transaction. */
const transactionLetters = 1000;
const replayGroup = 'millrace-replay';

export async function replayToSource(name: string, source: LetterSource, flags: DlqFlags): Promise<number> {
  const properties = source.kind === 'topic' ? source.properties : await clientProperties(flags);
  const writer = new ReplayWriter(realWorld(), `${replayGroup}-${name}`, properties, warn);
  const counts = { sent: 0, before: 0, rows: 0 };
  try {
    await writer.begin();
    const marks = new Marks(writer, source);
    let open = 0;
    for await (const letter of letters(source)) {
      if (await marks.isBehind(letter)) {
        counts.before++;
        continue;
      }
      if (letter.topic === undefined || (letter.content === 'row' && letter.offset === undefined)) {
        counts.rows++;
        continue;
      }
      await send(writer, letter, properties);
      writer.mark(marks.of(letter));
      counts.sent++;
      if (++open < transactionLetters) continue;
      await writer.commit();
      await writer.begin();
      open = 0;
    }
    await writer.commit();
  } finally {
    await writer.close();
  }
  if (flags.json === true) out(JSON.stringify({ letters: name, ...counts }));
  else for (const line of reportLines(counts)) out(line);
  return 0;
}
function reportLines({ sent, before, rows }: { sent: number; before: number; rows: number }): string[] {
  return [
    `${counted(sent, 'record')} sent back${before === 0 ? '' : `; ${counted(before, 'letter')} had been before`}`,
    ...(rows === 0
      ? []
      : [
          `${counted(rows, 'letter')} ${rows === 1 ? 'has' : 'have'} no record of a topic to send: replay --through FILE.sql takes all`,
        ]),
  ];
}

async function send(
  writer: ReplayWriter,
  letter: Letter,
  properties: ReadonlyMap<string, string>,
): Promise<void> {
  const { key, value, headers } = letter.content === 'record' ? letter : await original(letter, properties);
  const again: Header = { key: replayedHeader, value: Buffer.from(String(replaysOf(headers) + 1)) };
  const record = {
    partition: letter.partition,
    key,
    value,
    headers: [...headers.filter((h) => h.key !== replayedHeader), again],
  };
  await writer.add(letter.topic!, record, letter.timestamp ?? realWorld().now());
}

/** The record that the letter is about, from its topic: it was too large for the letter, or the letter holds its row. */
async function original(
  { topic, partition, offset }: Letter,
  properties: ReadonlyMap<string, string>,
): Promise<Pick<Letter, 'key' | 'value' | 'headers'>> {
  const admin = await KafkaAdmin.open(properties, warn);
  try {
    // Of the other partitions nothing is read.
    const parts = (await admin.describe(topic!)).partitions;
    const at = (behind: number): string =>
      parts
        .map((p) => `partition:${p.partition},offset:${p.partition === partition ? offset! + behind : p.end}`)
        .join(';');
    const bounds = {
      'scan.startup.mode': 'specific-offsets',
      'scan.startup.specific-offsets': at(0),
      'scan.bounded.mode': 'specific-offsets',
      'scan.bounded.specific-offsets': at(1),
    };
    const rows = query(
      recordsTable('source', topic!, properties, bounds),
      'SELECT `key`, `value`, headers, `offset` FROM source',
    );
    for await (const row of rows) if (Number(row[3]) === offset) return recordOf(row);
  } finally {
    await admin.close();
  }
  throw new UserError('DLQ1001', {
    message: `topic '${topic}', partition ${partition}, no longer has offset ${offset}, which a letter refers to`,
    hint: 'Its retention removed it. purge removes the letter; or replay --through FILE.sql uses the row.',
  });
}
const recordOf = ([key, value, headers]: Row): Pick<Letter, 'key' | 'value' | 'headers'> => ({
  key: key as Uint8Array | null,
  value: value as Uint8Array | null,
  headers: (headers as MapValue).entries.map(([k, v]) => ({ key: String(k), value: v as Uint8Array | null })),
});

/** How far the letters of a source are replayed. */
class Marks {
  readonly #writer: ReplayWriter;
  readonly #source: LetterSource;
  /** By file, or partition: the first that is not. */
  readonly #known = new Map<string, number>();

  constructor(writer: ReplayWriter, source: LetterSource) {
    this.#writer = writer;
    this.#source = source;
  }
  async isBehind(letter: Letter): Promise<boolean> {
    // A file's mark is kept in the name of a topic that is there: that of the first letter that has one.
    if (this.#source.kind === 'files' && letter.topic === undefined) return false;
    const mark = this.of(letter);
    const name = `${mark.group} ${mark.partition}`;
    let known = this.#known.get(name);
    if (known === undefined) {
      const [found] = await this.#writer.marks(mark.group, [mark]);
      known = found?.offset ?? 0;
      this.#known.set(name, known);
    }
    return letter.mark.offset <= known;
  }
  of({ mark, topic }: Letter): Mark {
    return this.#source.kind === 'topic'
      ? { group: replayGroup, topic: mark.of, partition: mark.partition, offset: mark.offset }
      : { group: `${replayGroup}-${mark.of}`, topic: topic!, partition: 0, offset: mark.offset };
  }
}
