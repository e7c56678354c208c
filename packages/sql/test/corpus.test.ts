/* Statements as people write them: printing loses nothing, and what is printed prints the same again. */

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseScript, parseStatement, printStatement, splitStatement } from '#sql';
import { withoutPlaces } from './trees/parts.ts';

const folder = new URL('./corpus/', import.meta.url);

for (const file of readdirSync(folder)) {
  const text = readFileSync(new URL(file, folder), 'utf8');
  describe(file, () => {
    for (const { statement, text: written } of parseScript(text)) {
      test(written.slice(0, 60), () => {
        const printed = printStatement(statement);
        const again = parseStatement(printed);
        expect(withoutPlaces(again)).toEqual(withoutPlaces(statement));
        expect(printStatement(again)).toBe(printed);
      });
    }
  });

  test(`${file} splits where it parses`, () => {
    const ends: number[] = [];
    for (let from = 0; ; ) {
      const found = splitStatement(text, from);
      if (found === undefined) break;
      if (text.slice(from, found.end).trim() !== ';') ends.push(found.end - 1);
      from = found.end;
    }
    expect(ends).toEqual(parseScript(text).map(({ span }) => span.end));
  });
}

test('a long canonical text', () => {
  const text = `create table clicks (page string, value int not null, ts timestamp(3),
    watermark for ts as ts - interval '5' second) with ('connector' = 'kafka', 'topic' = 'it''s')`;
  expect(printStatement(parseStatement(text))).toBe(`CREATE TABLE \`clicks\` (
  \`page\` STRING,
  \`value\` INT NOT NULL,
  \`ts\` TIMESTAMP(3),
  WATERMARK FOR \`ts\` AS \`ts\` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'it''s'
)`);
});
