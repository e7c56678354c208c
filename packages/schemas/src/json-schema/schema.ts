/* A JSON Schema as the registry sees it. */

import type { Incompatibility } from '../compatibility/incompatibility.ts';
import { parseJson } from '../json/parse.ts';
import { printJson, printSorted } from '../json/print.ts';
import { isArray, isObject, type Json } from '../json/value.ts';
import { typeChanged, type Outline, type ParsedSchema, type ReferencedSchema } from '../parsed-schema.ts';
import { checkJsonSchema } from './check.ts';
import { jsonIncompatibilities } from './compatibility.ts';
import { Documents } from './documents.ts';

export class JsonSchema implements ParsedSchema {
  readonly type = 'JSON';
  readonly text: string;
  readonly root: Json;
  readonly documents: Documents;

  constructor(root: Json, references: readonly ReferencedSchema[]) {
    this.root = root;
    this.documents = new Documents(root, references);
    this.text = printJson(root);
    const { documents } = this;
    const visit = (json: Json, base: string): void => {
      checkJsonSchema(json, (schema) => {
        const ref = schema.get('$ref');
        if (typeof ref === 'string') documents.follow(ref, base);
      });
    };
    visit(root, documents.root.base);
  }
  /** Throws SCH1001, SCH1004 and SCH1005. */
  static parse(text: string, references: readonly ReferencedSchema[]): JsonSchema {
    return new JsonSchema(parseJson(text), references);
  }
  /** Its title. */
  get name(): string | undefined {
    const title = isObject(this.root) ? this.root.get('title') : undefined;
    return typeof title === 'string' ? title : undefined;
  }
  get normalText(): string {
    return printSorted(this.root);
  }
  get fieldNames(): readonly string[] {
    const properties = isObject(this.root) ? this.root.get('properties') : undefined;
    return isObject(properties) ? [...properties.keys()] : [];
  }
  formatted(_: string): string {
    return this.text;
  }
  cannotRead(writer: ParsedSchema): readonly Incompatibility[] {
    return writer instanceof JsonSchema
      ? jsonIncompatibilities(this.documents, writer.documents)
      : [typeChanged(this.type, writer.type)];
  }
  outline(): Outline {
    const lines = new Map<string, string>();
    outline(this.root, '', lines);
    return lines;
  }
}

/** Keywords that have schemas in them, and are shown as lines of their own. */
const nested = new Set(['properties', 'required', 'items', '$defs', 'definitions']);

function outline(json: Json, path: string, lines: Map<string, string>): void {
  if (!isObject(json)) {
    lines.set(path, printJson(json));
    return;
  }
  const rest = new Map([...json].filter(([name]) => !nested.has(name)));
  const type = rest.get('type');
  rest.delete('type');
  const words =
    type === undefined ? '' : typeof type === 'string' ? type : (type as readonly string[]).join(' or ');
  lines.set(path, `${words}${rest.size === 0 ? '' : ` ${printJson(rest)}`}`.trim() || 'anything');
  const properties = json.get('properties');
  const required = json.get('required');
  if (isObject(properties))
    for (const [name, schema] of properties) {
      const at = path === '' ? name : `${path}.${name}`;
      outline(schema, at, lines);
      if (isArray(required) && required.includes(name)) lines.set(at, `${lines.get(at)!} required`);
    }
  const items = json.get('items');
  if (items !== undefined && !isArray(items)) outline(items, `${path}[]`, lines);
  for (const group of ['$defs', 'definitions']) {
    const all = json.get(group);
    if (isObject(all)) for (const [name, schema] of all) outline(schema, `#/${group}/${name}`, lines);
  }
}
