/* Reads what clients send: JSON of the form that the API documents. What is not of it is refused with the member's name. */

import { isLevel, isSchemaType } from '#schemas';
import { refuse, type RegistryError } from '../errors.ts';
import { isMode, type RegistryMode } from '../model/config.ts';
import type { Metadata, Rule, RuleSet, SchemaContent, SchemaReference } from '../model/schema-record.ts';
import type { RegisterRequest } from '../service/register.ts';
import type { ConfigUpdate } from '../service/settings.ts';

type Members = Readonly<Record<string, unknown>>;

const wrong = (path: string, found: unknown, expected: string): RegistryError => {
  const shown = JSON.stringify(found) ?? 'nothing';
  return refuse.invalidRequest(
    `${path}: found ${shown.length > 80 ? `${shown.slice(0, 80)}…` : shown}, expected ${expected}`,
  );
};
function object(value: unknown, path: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(path, value, 'an object');
  return value as Members;
}
function list(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(path, value, 'an array');
  return value;
}
function text(value: unknown, path: string): string {
  if (typeof value !== 'string') throw wrong(path, value, 'a string');
  return value;
}
function integer(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrong(path, value, 'a whole number');
  return value;
}
/** What is missing or null is left out. */
const optional = <T>(
  value: unknown,
  path: string,
  read: (value: unknown, path: string) => T,
): T | undefined => (value === undefined || value === null ? undefined : read(value, path));
const texts = (value: unknown, path: string): string[] =>
  list(value, path).map((item, i) => text(item, `${path}[${i}]`));
const mapOf =
  <T>(read: (value: unknown, path: string) => T) =>
  (value: unknown, path: string): Record<string, T> =>
    Object.fromEntries(
      Object.entries(object(value, path)).map(([name, item]) => [name, read(item, `${path}.${name}`)]),
    );
/** Without the members that are undefined. */
const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;

function readMetadata(value: unknown, path: string): Metadata {
  const { tags, properties, sensitive } = object(value, path);
  return compact({
    tags: optional(tags, `${path}.tags`, mapOf(texts)),
    properties: optional(properties, `${path}.properties`, mapOf(text)),
    sensitive: optional(sensitive, `${path}.sensitive`, texts),
  }) as Metadata;
}
function readRule(value: unknown, path: string): Rule {
  const rule = object(value, path);
  const name = text(rule['name'], `${path}.name`);
  if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name))
    throw refuse.invalidRuleSet(
      `the name "${name}" of a rule is no name: letters, digits and _, and no digit first`,
    );
  const at = (member: string): string | undefined => optional(rule[member], `${path}.${member}`, text);
  if (at('type') === undefined) throw refuse.invalidRuleSet(`the rule "${name}" has no type`);
  return compact({
    name,
    doc: at('doc'),
    kind: at('kind') ?? 'TRANSFORM',
    mode: at('mode') ?? 'WRITEREAD',
    type: at('type'),
    tags: optional(rule['tags'], `${path}.tags`, texts),
    params: optional(rule['params'], `${path}.params`, mapOf(text)),
    expr: at('expr'),
    onSuccess: at('onSuccess'),
    onFailure: at('onFailure'),
    disabled: rule['disabled'] === true,
  }) as Rule;
}
/** Which modes rules of a list may have. */
const ruleModes = {
  migrationRules: ['UPGRADE', 'DOWNGRADE', 'UPDOWN'],
  domainRules: ['WRITE', 'READ', 'WRITEREAD'],
  encodingRules: ['WRITE', 'READ', 'WRITEREAD'],
} as const;

function readRuleSet(value: unknown, path: string): RuleSet {
  const set = object(value, path);
  const lists = Object.entries(ruleModes).map(([name, modes]) => {
    const rules = optional(set[name], `${path}.${name}`, (items, at) =>
      list(items, at).map((rule, i) => readRule(rule, `${at}[${i}]`)),
    );
    for (const [i, rule] of (rules ?? []).entries()) {
      if (!(modes as readonly string[]).includes(rule.mode!))
        throw refuse.invalidRuleSet(
          `the rule "${rule.name}" of ${name} has the mode ${rule.mode}, expected ${modes.join(', ')}`,
        );
      if (rules!.findIndex((other) => other.name === rule.name) !== i)
        throw refuse.invalidRuleSet(`there are two rules "${rule.name}" in ${name}`);
    }
    return [name, rules?.length === 0 ? undefined : rules] as const;
  });
  const enableAt = optional(set['enableAt'], `${path}.enableAt`, text);
  return { ...compact(Object.fromEntries(lists)), ...(enableAt === undefined ? {} : { enableAt }) };
}
function readReference(value: unknown, path: string): SchemaReference {
  const { name, subject, version } = object(value, path);
  return {
    name: text(name, `${path}.name`),
    subject: text(subject, `${path}.subject`),
    version: integer(version, `${path}.version`),
  };
}

/** A schema with what belongs to it. Throws RegistryError 42201 for a type that there is not. */
export function readContent(body: unknown): SchemaContent {
  const members = object(body, 'the request');
  const type = optional(members['schemaType'], 'schemaType', text) ?? 'AVRO';
  if (!isSchemaType(type))
    throw refuse.invalidSchema(`Invalid schema type ${type}; there are AVRO, JSON and PROTOBUF`);
  const references = optional(members['references'], 'references', list) ?? [];
  return compact({
    schemaType: type,
    schema: optional(members['schema'], 'schema', text) ?? '',
    references: references.map((reference, i) => readReference(reference, `references[${i}]`)),
    metadata: optional(members['metadata'], 'metadata', readMetadata),
    ruleSet: optional(members['ruleSet'], 'ruleSet', readRuleSet),
  });
}
export function readRegister(body: unknown, normalize: boolean): RegisterRequest {
  const { id, version } = object(body, 'the request');
  const given = optional(id, 'id', integer);
  return {
    content: readContent(body),
    id: given === undefined || given < 0 ? undefined : given,
    version: optional(version, 'version', integer) ?? 0,
    normalize,
  };
}

const flag = (value: unknown, path: string): boolean => {
  if (typeof value !== 'boolean') throw wrong(path, value, 'true or false');
  return value;
};
const readers: Readonly<Record<string, (value: unknown, path: string) => unknown>> = {
  compatibilityPolicy: text,
  alias: text,
  normalize: flag,
  validateFields: flag,
  validateNames: flag,
  compatibilityGroup: text,
  defaultMetadata: readMetadata,
  overrideMetadata: readMetadata,
  defaultRuleSet: readRuleSet,
  overrideRuleSet: readRuleSet,
};
/** The level is called `compatibility` in a request, `compatibilityLevel` in an answer; both are taken. */
export function readConfig(body: unknown): ConfigUpdate {
  const members = object(body, 'the request');
  const given = members['compatibility'] ?? members['compatibilityLevel'];
  const level = typeof given === 'string' ? given.toUpperCase() : given;
  if (level !== undefined && level !== null && !isLevel(level)) throw refuse.invalidLevel();
  const update: Record<string, unknown> = level === undefined ? {} : { compatibilityLevel: level };
  for (const [name, read] of Object.entries(readers))
    if (Object.hasOwn(members, name))
      update[name] = members[name] === null ? null : read(members[name], name);
  if (Object.keys(update).length === 0) throw refuse.invalidLevel();
  return update as ConfigUpdate;
}
export function readMode(body: unknown): RegistryMode {
  const given = object(body, 'the request')['mode'];
  const mode = typeof given === 'string' ? given.toUpperCase() : given;
  if (!isMode(mode)) throw refuse.invalidMode();
  return mode;
}
