/* The REST API of Confluent's registry, a line a route. `subject` in a path or a query may name a context, or an alias of
 * another subject. */

import { schemaTypes } from '#schemas';
import { refuse } from '../errors.ts';
import type { SubjectConfig } from '../model/config.ts';
import type { SchemaRecord } from '../model/schema-record.ts';
import { hasPrefix, inContextOf, normalSubject, splitSubject } from '../model/subject.ts';
import { incompatibilityMessages } from '../service/compatibility.ts';
import { canonical } from '../service/content.ts';
import { deleteContext, deleteSubject, deleteVersion } from '../service/delete.ts';
import {
  idsOfGuid,
  inContexts,
  latestWithMetadata,
  lookUp,
  schemasWithId,
  schemaWithGuid,
  versionNumber,
  versionOf,
} from '../service/lookup.ts';
import { register } from '../service/register.ts';
import { deleteConfig, deleteMode, setMode, updateConfig } from '../service/settings.ts';
import { byIdAnswer, registeredAnswer, schemaAnswer } from './answers.ts';
import { readConfig, readContent, readMode, readRegister } from './read-body.ts';
import { PlainText, type Handler, type RestCall, type Route } from './route.ts';

/** As it is stored, an alias followed. */
function subjectOf({ service }: RestCall, given: string): string {
  const subject = normalSubject(given === '__EMPTY' ? '' : given);
  const alias = service.state.config(subject)?.alias;
  return alias === undefined || alias === '' ? subject : inContextOf(subject, alias);
}
const pathSubject = (call: RestCall): string => subjectOf(call, call.parameter('subject'));
const querySubject = (call: RestCall): string => subjectOf(call, call.text('subject'));
/** Of a setting: no alias is followed. */
const settingSubject = (call: RestCall): string => {
  const subject = normalSubject(call.parameter('subject'));
  if (/[\u0000-\u001f\u007f]/.test(subject)) throw refuse.invalidSubject(subject);
  return subject;
};
const normalizes = (call: RestCall, subject: string): boolean =>
  call.query.has('normalize')
    ? call.flag('normalize')
    : (call.service.state.configInScope(subject).normalize ?? false);

const whichDeleted = (call: RestCall): 'none' | 'too' | 'only' =>
  call.flag('deletedOnly') ? 'only' : call.flag('deleted') ? 'too' : 'none';

// Schemas --------------------------------------------------------------------------------------------------------------

const listSchemas: Handler = (call) => {
  const { state } = call.service;
  const prefix = call.query.get('subjectPrefix') || ':*:';
  const aliases = call.flag('aliases') ? state.aliases() : new Map<string, readonly string[]>();
  const asked = (subject: string): boolean =>
    hasPrefix(subject, prefix) || (aliases.get(subject) ?? []).some((alias) => hasPrefix(alias, prefix));
  const subjects = state.subjects(':*:', call.flag('deleted') ? 'too' : 'none').filter(asked);
  const ruleType = call.text('ruleType');
  const all = subjects.flatMap((subject) => {
    const versions = state
      .versions(subject, call.flag('deleted'))
      .filter((record) => ruleType === '' || hasRuleOf(record, ruleType));
    return call.flag('latestOnly') ? versions.slice(-1) : versions;
  });
  return call.page(all).map((record) => ({
    ...schemaAnswer(call.service, record, ''),
    ...(aliases.has(record.subject) ? { aliases: aliases.get(record.subject) } : {}),
  }));
};
const hasRuleOf = ({ ruleSet }: SchemaRecord, type: string): boolean =>
  [ruleSet?.migrationRules, ruleSet?.domainRules, ruleSet?.encodingRules].some((rules) =>
    rules?.some((rule) => rule.type === type),
  );
function idOf(call: RestCall): number {
  const text = call.parameter('id');
  if (!/^\d+$/.test(text)) throw refuse.schemaNotFound(text);
  return Number(text);
}
const schemaById: Handler = (call) => {
  const subject = querySubject(call);
  const record = pick(schemasWithId(call.service, idOf(call), subject), subject);
  const maxId = call.flag('fetchMaxId') ? call.service.state.maxId(record.subject) : undefined;
  return byIdAnswer(call.service, record, call.text('format'), maxId);
};
/** The version of the subject that was asked for, else the first. */
const pick = (records: readonly SchemaRecord[], subject: string): SchemaRecord =>
  records.find((record) => record.subject === subject) ?? records[0]!;
const versionsOfId = (call: RestCall): readonly SchemaRecord[] => {
  const subject = querySubject(call);
  const { name } = splitSubject(subject);
  const all = schemasWithId(call.service, idOf(call), subject);
  const asked = all.filter((record) => name === '' || splitSubject(record.subject).name === name);
  return asked.filter((record) => call.flag('deleted') || !record.deleted);
};
const guid: Handler = (call) =>
  byIdAnswer(
    call.service,
    schemaWithGuid(call.service, call.parameter('guid')),
    call.text('format'),
    undefined,
  );

// Subjects -------------------------------------------------------------------------------------------------------------

const listVersions: Handler = (call) => {
  const subject = pathSubject(call);
  const which = whichDeleted(call);
  for (const candidate of inContexts(call.service, subject)) {
    const found = call.service.state
      .versions(candidate, which !== 'none')
      .filter((r) => which !== 'only' || r.deleted);
    if (found.length > 0) return call.page(found.map((record) => record.version));
  }
  throw refuse.subjectNotFound(subject);
};
const lookUpSchema: Handler = (call) => {
  const subject = pathSubject(call);
  const options = { normalize: normalizes(call, subject), deleted: call.flag('deleted') };
  const content = readContent(call.body);
  const candidates = inContexts(call.service, subject).filter((s) =>
    call.service.state.hasSubject(s, options.deleted),
  );
  if (candidates.length === 0) throw refuse.subjectNotFound(subject);
  const found = candidates
    .map((s) => lookUp(call.service, s, content, options))
    .find((record) => record !== undefined);
  if (found === undefined) throw refuse.schemaNotFound();
  return schemaAnswer(call.service, found, call.text('format'));
};
const registerSchema: Handler = async (call) => {
  const subject = pathSubject(call);
  const { record, modified } = await register(
    call.service,
    subject,
    readRegister(call.body, normalizes(call, subject)),
  );
  return registeredAnswer(call.service, record, modified, call.text('format'));
};
const version = (call: RestCall): SchemaRecord =>
  versionOf(call.service, pathSubject(call), call.parameter('version'), call.flag('deleted'));
const withMetadata: Handler = (call) => {
  const keys = call.query.getAll('key');
  const values = call.query.getAll('value');
  const wanted = new Map(keys.map((key, i) => [key, values[i] ?? '']));
  return schemaAnswer(
    call.service,
    latestWithMetadata(call.service, pathSubject(call), wanted, call.flag('deleted')),
    call.text('format'),
  );
};

// Compatibility --------------------------------------------------------------------------------------------------------

function checkAgainst(call: RestCall, previous: readonly SchemaRecord[]): object {
  const subject = pathSubject(call);
  const given = readContent(call.body);
  if (given.schema === '') throw refuse.invalidSchema('Empty schema');
  const next = canonical(call.service, subject, given, { normalize: normalizes(call, subject), isNew: true });
  const messages = incompatibilityMessages(call.service, subject, next, previous);
  return { is_compatible: messages.length === 0, ...(call.flag('verbose') ? { messages } : {}) };
}
const checkVersion: Handler = (call) => {
  const number = versionNumber(call.parameter('version'));
  // A subject without schemas may begin with any.
  if (number === -1 && !call.service.state.hasSubject(pathSubject(call), false))
    return checkAgainst(call, []);
  return checkAgainst(call, [versionOf(call.service, pathSubject(call), call.parameter('version'), false)]);
};
const checkAll: Handler = (call) => checkAgainst(call, call.service.state.versions(pathSubject(call), false));

// Settings -------------------------------------------------------------------------------------------------------------

const configAnswer = (config: SubjectConfig): object => ({ ...config });
const putConfig = async (call: RestCall, subject: string | null): Promise<unknown> => {
  await updateConfig(call.service, subject, readConfig(call.body));
  return call.body;
};
const getConfig: Handler = (call) => {
  const subject = settingSubject(call);
  const own = call.service.state.config(subject);
  if (own === undefined && !call.flag('defaultToGlobal')) throw refuse.noCompatibility(subject);
  return configAnswer(call.flag('defaultToGlobal') ? call.service.state.configInScope(subject) : own!);
};
const dropConfig: Handler = async (call) => {
  const subject = settingSubject(call);
  const before = await deleteConfig(call.service, subject);
  if (before === undefined) throw refuse.subjectNotFound(subject);
  return configAnswer(before);
};
const putMode = async (call: RestCall, subject: string | null): Promise<object> => {
  const mode = readMode(call.body);
  await setMode(call.service, subject, mode, call.flag('force'));
  return { mode };
};
const getMode: Handler = (call) => {
  const subject = settingSubject(call);
  const mode = call.flag('defaultToGlobal')
    ? call.service.state.modeInScope(subject)
    : call.service.state.mode(subject);
  if (mode === undefined) throw refuse.noMode(subject);
  return { mode };
};
const dropMode: Handler = async (call) => {
  const subject = settingSubject(call);
  const recursive = call.flag('recursive');
  const mode = await deleteMode(call.service, subject, recursive);
  if (mode === undefined && !recursive) throw refuse.subjectNotFound(subject);
  return { mode: mode ?? null };
};

/** What registries say of themselves. */
export interface ServerFacts {
  readonly version: string;
  readonly clusterId: string;
}

export const routes = (facts: ServerFacts): readonly Route[] => [
  { method: 'GET', path: '/', handle: () => ({}) },
  { method: 'POST', path: '/', handle: () => ({}) },
  {
    method: 'GET',
    path: '/v1/metadata/id',
    handle: () => ({
      id: '',
      scope: {
        path: [],
        clusters: { 'kafka-cluster': facts.clusterId, 'schema-registry-cluster': 'schema-registry' },
      },
    }),
  },
  { method: 'GET', path: '/v1/metadata/version', handle: () => ({ version: facts.version, commitId: '' }) },
  { method: 'GET', path: '/v1/metadata/deployment', handle: () => ({ attributes: [] }) },

  { method: 'GET', path: '/schemas', handle: listSchemas },
  { method: 'GET', path: '/schemas/types', handle: () => schemaTypes },
  { method: 'GET', path: '/schemas/ids/{id}', handle: schemaById },
  {
    method: 'GET',
    path: '/schemas/ids/{id}/schema',
    handle: (call) => {
      const subject = querySubject(call);
      const record = pick(schemasWithId(call.service, idOf(call), subject), subject);
      return new PlainText(schemaText(call, record));
    },
  },
  {
    method: 'GET',
    path: '/schemas/ids/{id}/subjects',
    handle: (call) => call.page([...new Set(versionsOfId(call).map((r) => r.subject))]),
  },
  {
    method: 'GET',
    path: '/schemas/ids/{id}/versions',
    handle: (call) =>
      call.page(versionsOfId(call).map(({ subject, version: number }) => ({ subject, version: number }))),
  },
  { method: 'GET', path: '/schemas/guids/{guid}', handle: guid },
  {
    method: 'GET',
    path: '/schemas/guids/{guid}/ids',
    handle: (call) => {
      schemaWithGuid(call.service, call.parameter('guid'));
      return idsOfGuid(call.service, call.parameter('guid'));
    },
  },

  {
    method: 'GET',
    path: '/subjects',
    handle: (call) =>
      call.page(call.service.state.subjects(call.query.get('subjectPrefix') ?? ':*:', whichDeleted(call))),
  },
  { method: 'POST', path: '/subjects/{subject}', handle: lookUpSchema },
  {
    method: 'DELETE',
    path: '/subjects/{subject}',
    handle: (call) => deleteSubject(call.service, pathSubject(call), call.flag('permanent')),
  },
  { method: 'GET', path: '/subjects/{subject}/metadata', handle: withMetadata },
  { method: 'GET', path: '/subjects/{subject}/versions', handle: listVersions },
  { method: 'POST', path: '/subjects/{subject}/versions', handle: registerSchema },
  {
    method: 'GET',
    path: '/subjects/{subject}/versions/{version}',
    handle: (call) => schemaAnswer(call.service, version(call), call.text('format')),
  },
  {
    method: 'DELETE',
    path: '/subjects/{subject}/versions/{version}',
    handle: (call) =>
      deleteVersion(call.service, pathSubject(call), call.parameter('version'), call.flag('permanent')),
  },
  {
    method: 'GET',
    path: '/subjects/{subject}/versions/{version}/schema',
    handle: (call) => new PlainText(schemaText(call, version(call))),
  },
  {
    method: 'GET',
    path: '/subjects/{subject}/versions/{version}/referencedby',
    handle: (call) => {
      const { subject, version: number } = versionOf(
        call.service,
        pathSubject(call),
        call.parameter('version'),
        true,
      );
      return call.page(call.service.state.referrers(subject, number, call.flag('deleted')));
    },
  },

  { method: 'POST', path: '/compatibility/subjects/{subject}/versions', handle: checkAll },
  { method: 'POST', path: '/compatibility/subjects/{subject}/versions/{version}', handle: checkVersion },

  { method: 'GET', path: '/config', handle: (call) => configAnswer(call.service.state.configInScope(null)) },
  { method: 'PUT', path: '/config', handle: (call) => putConfig(call, null) },
  {
    method: 'DELETE',
    path: '/config',
    handle: async (call) => {
      const before = call.service.state.configInScope(null);
      await deleteConfig(call.service, null);
      return configAnswer(before);
    },
  },
  { method: 'GET', path: '/config/{subject}', handle: getConfig },
  { method: 'PUT', path: '/config/{subject}', handle: (call) => putConfig(call, settingSubject(call)) },
  { method: 'DELETE', path: '/config/{subject}', handle: dropConfig },

  { method: 'GET', path: '/mode', handle: (call) => ({ mode: call.service.state.modeInScope(null) }) },
  { method: 'PUT', path: '/mode', handle: (call) => putMode(call, null) },
  {
    method: 'DELETE',
    path: '/mode',
    handle: async (call) => {
      const before = call.service.state.modeInScope(null);
      await deleteMode(call.service, null, call.flag('recursive'));
      return { mode: before };
    },
  },
  { method: 'GET', path: '/mode/{subject}', handle: getMode },
  { method: 'PUT', path: '/mode/{subject}', handle: (call) => putMode(call, settingSubject(call)) },
  { method: 'DELETE', path: '/mode/{subject}', handle: dropMode },

  {
    method: 'GET',
    path: '/contexts',
    handle: (call) =>
      call.page(call.service.state.contexts().filter((name) => name.startsWith(call.text('contextPrefix')))),
  },
  {
    method: 'DELETE',
    path: '/contexts/{context}',
    handle: (call) => deleteContext(call.service, call.parameter('context')),
  },
];
const schemaText = (call: RestCall, record: SchemaRecord): string => {
  const format = call.text('format');
  return format === '' ? record.schema : call.service.parse(record.subject, record).formatted(format);
};
