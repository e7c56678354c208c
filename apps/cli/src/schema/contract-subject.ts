/* What a registry says of the schema that a contract makes: whether its subject takes it, by the subject's own level. */

import { schemaForSubject, type ContractTable } from '#contracts';
import { isRefusal } from '#registry';
import { parseSchema, type CompatibilityLevel, type Finding, sides, conflictOf } from '#schemas';
import { registryClient } from './registry-client.ts';

export interface RegistryFlags {
  readonly registry?: string;
  readonly user?: string;
  readonly token?: string;
  readonly ca?: string;
}
export type SubjectVerdict =
  | {
      readonly subject: string;
      readonly level: CompatibilityLevel;
      readonly type: string;
      /** The latest one. */
      readonly version: number;
      readonly compatible: boolean;
      /** Why not. */
      readonly messages: readonly string[];
    }
  /** It could not be asked, or has nothing to compare with. */
  | { readonly subject: string; readonly notAsked: string };

/** Throws ExternalError where the registry that is named cannot be reached. */
export async function subjectVerdict(
  subject: string,
  table: ContractTable,
  flags: RegistryFlags,
): Promise<SubjectVerdict> {
  const { registry, ...rest } = flags;
  const client = await registryClient({
    ...rest,
    ...(registry === undefined ? {} : { url: registry }),
    against: [],
    reference: [],
    property: [],
    add: [],
    remove: [],
    rename: [],
  }).catch((thrown: unknown) => {
    if ((thrown as { readonly code?: string }).code === 'CLI1005') return undefined;
    throw thrown;
  });
  if (client === undefined)
    return {
      subject,
      notAsked: 'no registry is named (--registry), and the service registry does not run here',
    };
  try {
    const latest = await client.version(subject).catch((thrown: unknown) => {
      if (isRefusal(thrown, 40401, 40402)) return undefined;
      throw thrown;
    });
    if (latest === undefined) return { subject, notAsked: 'the registry has no version of it yet' };
    const text = schemaForSubject(table, latest.type, latest.text);
    if (text === undefined)
      return { subject, notAsked: 'its schemas are Protobuf, which is not made of contracts' };
    const level = await client.level(subject);
    const { compatible, messages } = await client.check(subject, { type: latest.type, text, references: [] });
    const version = latest.version ?? 0;
    const conflict = compatible
      ? undefined
      : conflictOf(parseSchema(latest.type, text), [{ version, schema: await client.parse(latest) }], level);
    return {
      subject,
      level,
      type: latest.type,
      version,
      compatible,
      // Its own words, where we see no conflict with the latest version: it may be with an earlier one.
      messages: conflict === undefined ? messages : conflict.findings.map(findingText),
    };
  } finally {
    client.close();
  }
}
const findingText = ({ direction, incompatibility: found }: Finding): string =>
  `${found.path}: ${found.sentence(...sides[direction])}`;
