/* An Avro schema as the registry sees it. */

import { typeChanged, type Outline, type ParsedSchema, type ReferencedSchema } from '../parsed-schema.ts';
import type { Incompatibility } from '../compatibility/incompatibility.ts';
import { avroIncompatibilities } from './compatibility.ts';
import type { AvroType, NamedType } from './model.ts';
import { avroOutline, nameOf } from './outline.ts';
import { normalAvro } from './normal.ts';
import { parseAvro } from './parse.ts';
import { printAvro } from './print.ts';

export class AvroSchema implements ParsedSchema {
  readonly type = 'AVRO';
  readonly text: string;
  /** The graph, with what references define. */
  readonly root: AvroType;
  readonly #referenced: readonly string[];

  constructor(root: AvroType, referenced: readonly string[]) {
    this.root = root;
    this.#referenced = referenced;
    this.text = printAvro(root, referenced);
  }
  /** Throws SCH1001 and SCH1002. `isNew`: defaults that do not fit are an error. */
  static parse(text: string, references: readonly ReferencedSchema[], isNew: boolean): AvroSchema {
    const known = new Map<string, NamedType>();
    for (const reference of references) parseAvro(reference.text, { known });
    const referenced = [...known.keys()];
    return new AvroSchema(parseAvro(text, { known, checkDefaults: isNew }), referenced);
  }
  get name(): string | undefined {
    return nameOf(this.root);
  }
  get normalText(): string {
    return normalAvro(this.root, this.#referenced);
  }
  get fieldNames(): readonly string[] {
    return this.root.kind === 'record' ? this.root.fields.map((field) => field.name) : [];
  }
  formatted(format: string): string {
    return format === 'resolved' ? printAvro(this.root) : this.text;
  }
  cannotRead(writer: ParsedSchema): readonly Incompatibility[] {
    return writer instanceof AvroSchema
      ? avroIncompatibilities(this.root, writer.root)
      : [typeChanged(this.type, writer.type)];
  }
  outline(): Outline {
    return avroOutline(this.root);
  }
}
