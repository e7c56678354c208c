import { engineWith, changesOf, inOrder } from '/work/wt/judge/tests/conformance/replay.ts';
import { TestBoard } from '#testkit';
import { tables } from '/work/wt/judge/tests/conformance/cases.ts';
import { changelogTables } from '/work/wt/judge/tests/conformance/changelog-cases.ts';
import { lookupTables } from '/work/wt/judge/tests/conformance/lookup-cases.ts';
const e = await engineWith(new TestBoard(), [...tables, ...changelogTables, ...lookupTables]);
for (const sql of process.argv.slice(2)) { try { const r = await changesOf(e, sql); console.log(sql + '\n  ' + inOrder(r.changes).join('\n  ')); } catch (x) { console.log(sql, String(x)); } }
