/* millrace schema show NAME: a schema in a form for people. A number is an id. */

import { parseJson, printPretty } from '#schemas';
import { dim, out } from '../terminal.ts';
import { takeNames } from './arguments.ts';
import type { SchemaFlags } from './flags.ts';
import { Sources } from './source.ts';

export async function show(names: readonly string[], flags: SchemaFlags): Promise<number> {
  const [name] = takeNames('show', names, ['SUBJECT[@VERSION]|ID|FILE']);
  const sources = new Sources(flags);
  try {
    const { type, text, references, subject, version, id } = /^\d+$/.test(name!)
      ? await (await sources.client()).byId(Number(name))
      : await sources.schema(name!);
    if (flags.json) {
      out(JSON.stringify({ subject, version, id, type, references, schema: text }));
      return 0;
    }
    const place = subject === undefined ? [] : [`${subject}, version ${version}`];
    if (id !== undefined) out(dim([...place, `id ${id}`, type].join(', ')));
    for (const r of references) out(dim(`${r.name} is ${r.subject}, version ${r.version}`));
    out(type === 'PROTOBUF' ? text.trimEnd() : printPretty(parseJson(text)));
    return 0;
  } finally {
    sources.close();
  }
}
