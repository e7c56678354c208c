/* millrace schema check FILE: whether it is a schema, and may follow a subject's (--subject) or other files (--against).
 * Made for CI: it ends with 4 when it may not. */

import { errorJson, out, report } from '../terminal.ts';
import { toMillraceError, UserError } from '#base';
import type { PreviousSchema } from '#schemas';
import { takeNames } from './arguments.ts';
import { check, levelOf, resultJson, resultText, type CheckResult } from './findings.ts';
import { checkFailed, type SchemaFlags } from './flags.ts';
import { Sources, type NamedSchema } from './source.ts';

export async function checkSchema(names: readonly string[], flags: SchemaFlags): Promise<number> {
  const [file] = takeNames('check', names, ['FILE']);
  const sources = new Sources(flags);
  try {
    const next = await read(sources, file!, flags);
    if (typeof next === 'number') return next;
    if (flags.subject !== undefined && flags.against.length > 0)
      throw new UserError('CLI1004', {
        message: 'schema check: found --subject and --against, expected one of them',
      });
    return flags.subject === undefined
      ? await againstFiles(sources, next, flags)
      : await againstSubject(sources, next, flags.subject, flags);
  } finally {
    sources.close();
  }
}
/** What is no schema does not hold, as what is not compatible does not. */
async function read(sources: Sources, file: string, flags: SchemaFlags): Promise<NamedSchema | number> {
  try {
    return await sources.file(file);
  } catch (thrown) {
    const error = toMillraceError(thrown);
    if (!error.code.startsWith('SCH')) throw error;
    if (flags.json) out(JSON.stringify({ file, valid: false, error: errorJson(error) }));
    else report(error, { json: false });
    return checkFailed;
  }
}
async function againstFiles(sources: Sources, next: NamedSchema, flags: SchemaFlags): Promise<number> {
  const before: NamedSchema[] = [];
  for (const name of flags.against) before.push(await sources.schema(name));
  // Given newest first, as a person names them: the first is what it follows.
  const previous = before
    .toReversed()
    .map(({ parsed }, i): PreviousSchema => ({ version: i + 1, schema: parsed }));
  const shown = new Map(before.toReversed().map((schema, i) => [i + 1, schema.name]));
  if (previous.length === 0) {
    out(
      flags.json
        ? JSON.stringify({ file: next.file, valid: true, type: next.type })
        : `${next.file} is a schema (${next.type})`,
    );
    return 0;
  }
  return conclude(next, check(next.parsed, previous, levelOf(flags.level, 'BACKWARD')), shown, flags);
}
async function againstSubject(
  sources: Sources,
  next: NamedSchema,
  subject: string,
  flags: SchemaFlags,
): Promise<number> {
  const client = await sources.client();
  const level = levelOf(flags.level, await client.level(subject));
  const answer = flags.level === undefined ? await client.check(subject, next) : undefined;
  const versions = await client.versions(subject).catch(() => []);
  const previous: PreviousSchema[] = [];
  for (const version of level.endsWith('_TRANSITIVE') ? versions : versions.slice(-1)) {
    const schema = await client.version(subject, version);
    previous.push({ version, schema: await client.parse(schema) });
  }
  const shown = new Map(previous.map(({ version }) => [version, `${subject}, version ${version}`]));
  const result = check(next.parsed, previous, level);
  // The registry has the last word: it may know rules of its own, as groups.
  if (answer !== undefined && answer.compatible !== (result.conflict === undefined)) {
    out(
      flags.json
        ? JSON.stringify({ file: next.file, compatible: answer.compatible, level, messages: answer.messages })
        : `${next.file} is ${answer.compatible ? '' : 'not '}compatible, says the registry (${level})${['', ...answer.messages].join('\n  ')}`,
    );
    return answer.compatible ? 0 : checkFailed;
  }
  return conclude(next, result, shown, flags);
}
function conclude(
  next: NamedSchema,
  result: CheckResult,
  shown: ReadonlyMap<number, string>,
  flags: SchemaFlags,
): number {
  out(
    flags.json
      ? JSON.stringify({ file: next.file, valid: true, type: next.type, ...resultJson(result, shown) })
      : resultText(result, next.name, shown),
  );
  return result.conflict === undefined ? 0 : checkFailed;
}
