/* The identity of a schema's content: the MD5 that Confluent's registry makes of it, as a UUID. */

import { createHash, type Hash } from 'node:crypto';
import type { Metadata, Rule, RuleSet, SchemaContent } from './schema-record.ts';

const sortedEntries = <T>(map: Readonly<Record<string, T>> = {}): [string, T][] =>
  Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1));

function addMetadata(hash: Hash, { tags, properties, sensitive = [] }: Metadata): void {
  for (const [path, names] of sortedEntries(tags)) {
    hash.update(path);
    for (const name of [...names].sort()) hash.update(name);
  }
  for (const [name, value] of sortedEntries(properties)) hash.update(name).update(value);
  for (const name of [...sensitive].sort()) hash.update(name);
}
function addRule(hash: Hash, rule: Rule): void {
  hash.update(rule.name);
  if (rule.doc !== undefined) hash.update(rule.doc);
  hash.update(rule.kind ?? 'TRANSFORM').update(rule.mode ?? 'WRITEREAD');
  if (rule.type !== undefined) hash.update(rule.type);
  for (const tag of [...(rule.tags ?? [])].sort()) hash.update(tag);
  for (const [name, value] of sortedEntries(rule.params)) hash.update(name).update(value);
  for (const text of [rule.expr, rule.onSuccess, rule.onFailure]) if (text !== undefined) hash.update(text);
  if (rule.disabled === true) hash.update(Uint8Array.of(1));
}
function addRules(hash: Hash, { migrationRules = [], domainRules = [], encodingRules = [] }: RuleSet): void {
  for (const rule of [...migrationRules, ...domainRules, ...encodingRules]) addRule(hash, rule);
}

/** Equal for equal content, whatever the subject. 36 characters. */
export function guidOf({ schema, references, metadata, ruleSet }: SchemaContent): string {
  const hash = createHash('md5').update(schema);
  for (const { name, subject, version } of references) {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(version);
    hash.update(name).update(subject).update(bytes);
  }
  // A mark keeps what is empty apart from what is not there.
  if (metadata !== undefined) addMetadata(hash.update(Uint8Array.of(1)), metadata);
  if (ruleSet !== undefined) addRules(hash.update(Uint8Array.of(1)), ruleSet);
  const hex = hash.digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
