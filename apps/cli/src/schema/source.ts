/* A schema that the command line names: a file, or a subject of a registry, as in orders-value, orders-value@3 or
 * orders-value@latest. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { toMillraceError, UserError } from '#base';
import type { RegistryClient, SchemaReference } from '#registry';
import {
  isSchemaType,
  parseSchema,
  type ParsedSchema,
  type ReferencedSchema,
  type SchemaType,
} from '#schemas';
import type { SchemaFlags } from './flags.ts';

export interface NamedSchema {
  /** As the command line named it. */
  readonly name: string;
  readonly file: string | undefined;
  readonly subject: string | undefined;
  readonly version: number | undefined;
  readonly id: number | undefined;
  readonly type: SchemaType;
  readonly text: string;
  readonly parsed: ParsedSchema;
  readonly references: readonly SchemaReference[];
}

/** A registry is asked only when a name is no file's. */
export class Sources {
  readonly #flags: SchemaFlags;
  #client: RegistryClient | undefined;

  constructor(flags: SchemaFlags) {
    this.#flags = flags;
  }
  async client(): Promise<RegistryClient> {
    // Loaded where it is asked: a check of files needs none of it.
    this.#client ??= await (await import('./registry-client.ts')).registryClient(this.#flags);
    return this.#client;
  }
  close(): void {
    this.#client?.close();
  }
  async schema(name: string): Promise<NamedSchema> {
    return isFile(name) ? this.file(name) : this.#subject(name);
  }
  /** Throws CLI1003 for a file that there is not, and SCH… with the place for what is no schema. */
  async file(file: string): Promise<NamedSchema> {
    if (!isFile(file)) throw new UserError('CLI1003', { message: `there is no file ${file}` });
    const text = readFileSync(file, 'utf8');
    const type = typeOf(file, text, this.#flags.type);
    const { references, texts } = await this.#references();
    const parsed = parseFile(file, type, text, texts);
    return {
      name: file,
      file,
      subject: undefined,
      version: undefined,
      id: undefined,
      type,
      text,
      parsed,
      references,
    };
  }
  async #subject(name: string): Promise<NamedSchema> {
    const [, subject, version = 'latest'] = /^(.+?)(?:@(\d+|latest))?$/.exec(name)!;
    const client = await this.client();
    const found = await client.version(subject!, version === 'latest' ? 'latest' : Number(version));
    return {
      name,
      file: undefined,
      subject: subject!,
      version: found.version,
      id: found.id,
      type: found.type,
      text: found.text,
      parsed: await client.parse(found),
      references: found.references,
    };
  }
  /** --reference NAME=FILE, or NAME=SUBJECT@VERSION of the registry. */
  async #references(): Promise<{ references: SchemaReference[]; texts: ReferencedSchema[] }> {
    const references: SchemaReference[] = [];
    const texts: ReferencedSchema[] = [];
    for (const given of this.#flags.reference) {
      const at = given.indexOf('=');
      if (at < 1)
        throw new UserError('CLI1004', {
          message: `--reference ${given}: expected NAME=FILE or NAME=SUBJECT@VERSION`,
        });
      const [name, target] = [given.slice(0, at), given.slice(at + 1)];
      if (isFile(target)) texts.push({ name, text: readFileSync(target, 'utf8') });
      else {
        const schema = await this.#subject(target);
        const inner = await (await this.client()).referenced(schema.references);
        texts.push(...inner.filter((other) => !texts.some((t) => t.name === other.name)), {
          name,
          text: schema.text,
        });
        references.push({ name, subject: schema.subject!, version: schema.version! });
      }
    }
    return { references, texts };
  }
}
const isFile = (name: string): boolean => existsSync(name) && statSync(name).isFile();

const byExtension: Readonly<Record<string, SchemaType>> = { '.avsc': 'AVRO', '.proto': 'PROTOBUF' };
/** Of a .json file by what is in it: a record, enum or fixed is Avro's. */
function typeOf(file: string, text: string, given: string | undefined): SchemaType {
  if (given !== undefined) {
    const type = given.toUpperCase();
    if (isSchemaType(type)) return type;
    throw new UserError('CLI1004', { message: `--type ${given}: expected avro, json or protobuf` });
  }
  const known = byExtension[extname(file).toLowerCase()];
  if (known !== undefined) return known;
  if (extname(file).toLowerCase() === '.json')
    return /"type"\s*:\s*"(record|enum|fixed|error)"/.test(text) ? 'AVRO' : 'JSON';
  throw new UserError('CLI1004', {
    message: `of which type is ${file}? Its name does not say`,
    hint: 'Give --type avro, json or protobuf.',
  });
}
/** With the file and the line in the error. */
function parseFile(
  file: string,
  type: SchemaType,
  text: string,
  references: readonly ReferencedSchema[],
): ParsedSchema {
  try {
    return parseSchema(type, text, { references, isNew: true });
  } catch (thrown) {
    const error = toMillraceError(thrown);
    if (!(error instanceof UserError)) throw error;
    const place = error.at === undefined ? '' : `:${error.at.line}:${error.at.column}`;
    throw new UserError(error.code, {
      message: `${file}${place}: ${error.message}`,
      hint: error.hint,
      cause: error,
    });
  }
}
