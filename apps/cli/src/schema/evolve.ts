/* millrace schema evolve NAME --add note:string --remove old --rename a:b: the next version of a schema, written so that it
 * is compatible where that can be, and held against the one before. */

import { writeFileSync } from 'node:fs';
import { UserError } from '#base';
import { evolveSchema, parseSchema, type SchemaEdit } from '#schemas';
import { err, out } from '../terminal.ts';
import { takeNames } from './arguments.ts';
import { check, levelOf, resultJson, resultText } from './findings.ts';
import { checkFailed, type SchemaFlags } from './flags.ts';
import { Sources, type NamedSchema } from './source.ts';

function pair(flag: string, given: string, expected: string): [string, string] {
  const at = given.indexOf(':');
  if (at < 1 || at === given.length - 1 || /\s/.test(given.slice(0, at)))
    throw new UserError('CLI1004', { message: `--${flag} ${given}: expected ${expected}` });
  return [given.slice(0, at), given.slice(at + 1)];
}
/** NAME:TYPE or NAME:TYPE=DEFAULT; a type that is JSON has no default behind it. */
function addition(given: string): SchemaEdit {
  const [name, rest] = pair('add', given, 'NAME:TYPE or NAME:TYPE=DEFAULT');
  const at = /^[[{]/.test(rest) ? -1 : rest.indexOf('=');
  return at < 0
    ? { kind: 'add', name, type: rest, default: undefined }
    : { kind: 'add', name, type: rest.slice(0, at), default: rest.slice(at + 1) };
}
function editsOf({ add, remove, rename }: SchemaFlags): SchemaEdit[] {
  const edits: SchemaEdit[] = [
    ...remove.map((name): SchemaEdit => ({ kind: 'remove', name })),
    ...rename.map((given): SchemaEdit => {
      const [name, to] = pair('rename', given, 'NAME:NEW');
      return { kind: 'rename', name, to };
    }),
    ...add.map(addition),
  ];
  if (edits.length > 0) return edits;
  throw new UserError('CLI1001', {
    message: 'what shall change? No --add, --remove or --rename was given',
    hint: "millrace schema evolve user.avsc --add 'email:string'",
  });
}

export async function evolve(names: readonly string[], flags: SchemaFlags): Promise<number> {
  const [name] = takeNames('evolve', names, ['SUBJECT|FILE']);
  const edits = editsOf(flags);
  const sources = new Sources(flags);
  try {
    const before = await sources.schema(name!);
    const text = evolveSchema(before.type, before.text, edits);
    const next = await withText(sources, before, text);
    const stored =
      before.subject === undefined ? 'BACKWARD' : await (await sources.client()).level(before.subject);
    const result = check(next.parsed, [{ version: 1, schema: before.parsed }], levelOf(flags.level, stored));
    const shown = new Map([[1, before.name]]);
    if (result.conflict !== undefined) {
      if (flags.json) out(JSON.stringify({ ...resultJson(result, shown), schema: text }));
      else err(resultText(result, 'the changed schema', shown));
      return checkFailed;
    }
    return await deliver(sources, before, next, flags, { ...resultJson(result, shown), schema: text });
  } finally {
    sources.close();
  }
}
async function withText(sources: Sources, before: NamedSchema, text: string): Promise<NamedSchema> {
  const references =
    before.references.length === 0 ? [] : await (await sources.client()).referenced(before.references);
  return { ...before, text, parsed: parseSchema(before.type, text, { references, isNew: true }) };
}
/** To standard output, unless it is to be written or registered. */
async function deliver(
  sources: Sources,
  before: NamedSchema,
  next: NamedSchema,
  flags: SchemaFlags,
  json: object,
): Promise<number> {
  if (flags.register) {
    const subject = flags.subject ?? before.subject;
    if (subject === undefined)
      throw new UserError('CLI1001', {
        message: 'under which subject? --register of a file needs --subject',
      });
    const { registerSchema } = await import('./register.ts');
    const code = await registerSchema(await sources.client(), subject, next, flags);
    if (code !== 0) return code;
  }
  if (flags.write) {
    if (before.file === undefined)
      throw new UserError('CLI1001', { message: '--write is for a file; a subject has --register' });
    writeFileSync(before.file, next.text);
    out(flags.json ? JSON.stringify({ ...json, file: before.file }) : `written to ${before.file}`);
  } else if (!flags.register) out(flags.json ? JSON.stringify(json) : next.text.trimEnd());
  return 0;
}
