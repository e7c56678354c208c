/* Settings of a subject, a context or all. */

import type { CompatibilityLevel } from '#schemas';
import type { Metadata, RuleSet } from './schema-record.ts';

export interface SubjectConfig {
  readonly compatibilityLevel?: CompatibilityLevel;
  /** Which checks look at metadata: STRICT by default. */
  readonly compatibilityPolicy?: string;
  /** Requests for this subject are for that one. */
  readonly alias?: string;
  /** Schemas are registered in their normal form. */
  readonly normalize?: boolean;
  readonly validateFields?: boolean;
  readonly validateNames?: boolean;
  /** A property of metadata: only schemas with the same value of it must be compatible. */
  readonly compatibilityGroup?: string;
  readonly defaultMetadata?: Metadata;
  readonly overrideMetadata?: Metadata;
  readonly defaultRuleSet?: RuleSet;
  readonly overrideRuleSet?: RuleSet;
}
export const registryModes = ['READWRITE', 'READONLY', 'READONLY_OVERRIDE', 'IMPORT', 'FORWARD'] as const;
export type RegistryMode = (typeof registryModes)[number];
export const isMode = (text: unknown): text is RegistryMode =>
  (registryModes as readonly unknown[]).includes(text);

/** Whether ids come with the schemas. */
export const takesIds = (mode: RegistryMode): boolean => mode === 'IMPORT' || mode === 'FORWARD';
export const isReadOnly = (mode: RegistryMode): boolean =>
  mode === 'READONLY' || mode === 'READONLY_OVERRIDE';

const mergedMaps = <T>(
  a: Readonly<Record<string, T>> = {},
  b: Readonly<Record<string, T>> = {},
): Record<string, T> => ({
  ...a,
  ...b,
});

/** The second over the first. */
export function mergeMetadata(under: Metadata | undefined, over: Metadata | undefined): Metadata | undefined {
  if (under === undefined || over === undefined) return over ?? under;
  const tags = mergedMaps(under.tags, over.tags);
  const properties = mergedMaps(under.properties, over.properties);
  const sensitive = [...new Set([...(under.sensitive ?? []), ...(over.sensitive ?? [])])].sort();
  return {
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    ...(sensitive.length === 0 ? {} : { sensitive }),
  };
}
const ruleLists = ['migrationRules', 'domainRules', 'encodingRules'] as const;

/** The second over the first: rules of one name are those of the second. */
export function mergeRuleSets(under: RuleSet | undefined, over: RuleSet | undefined): RuleSet | undefined {
  if (under === undefined || over === undefined) return over ?? under;
  const lists = ruleLists.map((list) => {
    const newer = over[list] ?? [];
    const kept = (under[list] ?? []).filter((rule) => !newer.some((other) => other.name === rule.name));
    return [list, [...kept, ...newer]] as const;
  });
  const enableAt = over.enableAt ?? under.enableAt;
  return {
    ...Object.fromEntries(lists.filter(([, rules]) => rules.length > 0)),
    ...(enableAt === undefined ? {} : { enableAt }),
  };
}
