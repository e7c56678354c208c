/* A schema under a subject, and what belongs to it, by the names that Confluent's registry has for them. */

import type { SchemaType } from '#schemas';

export interface SchemaReference {
  /** By which the schema refers to it: a full name, an import, a URI. */
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}
export interface Metadata {
  readonly tags?: Readonly<Record<string, readonly string[]>>;
  readonly properties?: Readonly<Record<string, string>>;
  /** Names of properties that are nobody's business. */
  readonly sensitive?: readonly string[];
}
export interface Rule {
  readonly name: string;
  readonly doc?: string;
  readonly kind?: string;
  readonly mode?: string;
  readonly type?: string;
  readonly tags?: readonly string[];
  readonly params?: Readonly<Record<string, string>>;
  readonly expr?: string;
  readonly onSuccess?: string;
  readonly onFailure?: string;
  readonly disabled?: boolean;
}
export interface RuleSet {
  readonly migrationRules?: readonly Rule[];
  readonly domainRules?: readonly Rule[];
  readonly encodingRules?: readonly Rule[];
  readonly enableAt?: string;
}
/** What gives a schema its id: equal content has one id in a context. */
export interface SchemaContent {
  readonly schemaType: SchemaType;
  readonly schema: string;
  readonly references: readonly SchemaReference[];
  readonly metadata?: Metadata | undefined;
  readonly ruleSet?: RuleSet | undefined;
}
export interface SchemaRecord extends SchemaContent {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  readonly guid: string;
  /** Softly: its id can still be read. */
  readonly deleted: boolean;
}
