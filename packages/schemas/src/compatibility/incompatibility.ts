/* Why a reader cannot read what a writer wrote: the rule that is broken, where, and which change would be compatible.
 * The two sides are named by whoever asks: "new" and "old", or the other way round. */

/** A sentence about the two sides. */
export type Sentence = (reader: string, writer: string) => string;

/** One sentence where the reader's schema is the new one, another where it is the old one, which nobody can change now. */
export const bySide =
  (readerIsNew: Sentence, readerIsOld: Sentence): Sentence =>
  (reader, writer) =>
    (reader === 'old' ? readerIsOld : readerIsNew)(reader, writer);

export interface Incompatibility {
  /** The rule by its name in Confluent's registry, e.g. READER_FIELD_MISSING_DEFAULT_VALUE. */
  readonly rule: string;
  /** Where, from the schema's root: /fields/1/type in Avro, #/properties/a in JSON Schema, Message.field in Protobuf. */
  readonly path: string;
  /** What is there, in the terms of the schema's type: a field, a symbol, two types. */
  readonly about: string;
  readonly sentence: Sentence;
  /** The change that would be compatible. */
  readonly fix: Sentence;
}

/** As Confluent's registry lists it: an object with unquoted names, as text. */
export function errorText(
  { rule, about, sentence, fix }: Incompatibility,
  reader: string,
  writer: string,
): string {
  const description = `${sentence(reader, writer)}. ${fix(reader, writer)}`;
  const quoted = (text: string): string => `'${text.replaceAll("'", '"')}'`;
  return `{errorType:${quoted(rule)}, description:${quoted(description)}, additionalInfo:${quoted(about)}}`;
}
