/* DescribeAcls (29), CreateAcls (30), DeleteAcls (31). */

import { errorCodes, type Messages, type Sparse } from '#kafka';
import {
  clusterName,
  operations,
  patterns,
  permissions,
  resources,
  type Acl,
  type Acls,
} from '../security/acls.ts';
import type { Handler } from './handler.ts';

const disabled = {
  errorCode: errorCodes.SECURITY_DISABLED,
  errorMessage: 'No Authorizer is configured.',
} as const;
const disabledHere = { ...disabled, errorMessage: 'No Authorizer is configured on the broker' } as const;

export const describeAcls: Handler<'DescribeAcls'> = (request, { cluster: { acls }, may }) => {
  if (!acls.settings.enabled) return disabledHere;
  if (!may('describe', 'cluster', clusterName)) return { errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED };
  const found = acls.matching({
    resourceType: request.resourceTypeFilter,
    resourceName: request.resourceNameFilter,
    patternType: request.patternTypeFilter,
    principal: request.principalFilter,
    host: request.hostFilter,
    operation: request.operation,
    permission: request.permissionType,
  });
  const byResource = Map.groupBy(found, (a) => `${a.resourceType} ${a.patternType} ${a.resourceName}`);
  return {
    errorCode: 0,
    errorMessage: null,
    resources: [...byResource.values()].map((all) => ({
      resourceType: all[0]!.resourceType,
      resourceName: all[0]!.resourceName,
      patternType: all[0]!.patternType,
      acls: all.map(({ principal, host, operation, permission }) => ({
        principal,
        host,
        operation,
        permissionType: permission,
      })),
    })),
  };
};

export const createAcls: Handler<'CreateAcls'> = (request, { cluster: { acls }, may }) => ({
  results: request.creations.map((c) => {
    if (!acls.settings.enabled) return disabled;
    if (!may('alter', 'cluster', clusterName)) return { errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED };
    const acl: Acl = {
      resourceType: c.resourceType,
      resourceName: c.resourceName,
      patternType: c.resourcePatternType,
      principal: c.principal,
      host: c.host,
      operation: c.operation,
      permission: c.permissionType,
    };
    const problem = aclProblem(acl);
    if (problem !== undefined) return { errorCode: errorCodes.INVALID_REQUEST, errorMessage: problem };
    acls.add(acl);
    return { errorCode: 0, errorMessage: null };
  }),
});

function aclProblem(acl: Acl): string | undefined {
  if (acl.resourceType === resources.cluster && acl.resourceName !== clusterName)
    return `The only valid name for the CLUSTER resource is ${clusterName}`;
  if (acl.resourceName === '') return 'Invalid empty resource name';
  if (acl.resourceType <= resources.any) return `Invalid resourceType ${acl.resourceType}`;
  if (acl.patternType !== patterns.literal && acl.patternType !== patterns.prefixed)
    return `Invalid patternType ${acl.patternType}`;
  if (acl.operation <= operations.any) return `Invalid operation ${acl.operation}`;
  if (acl.permission !== permissions.deny && acl.permission !== permissions.allow)
    return `Invalid permissionType ${acl.permission}`;
  return /^\w+:.+/.test(acl.principal)
    ? undefined
    : `Could not parse principal from \`${acl.principal}\` (no colon is present separating the principal type from the principal name)`;
}

type FilterResult = Messages['DeleteAcls']['response']['filterResults'][number];

export const deleteAcls: Handler<'DeleteAcls'> = (request, { cluster: { acls }, may }) => ({
  filterResults: request.filters.map((f): Sparse<FilterResult> => {
    if (!acls.settings.enabled) return disabled;
    if (!may('alter', 'cluster', clusterName)) return { errorCode: errorCodes.CLUSTER_AUTHORIZATION_FAILED };
    return { errorCode: 0, errorMessage: null, matchingAcls: removed(acls, f) };
  }),
});

function removed(
  acls: Acls,
  f: Messages['DeleteAcls']['request']['filters'][number],
): Sparse<FilterResult['matchingAcls']> {
  const gone = acls.remove({
    resourceType: f.resourceTypeFilter,
    resourceName: f.resourceNameFilter,
    patternType: f.patternTypeFilter,
    principal: f.principalFilter,
    host: f.hostFilter,
    operation: f.operation,
    permission: f.permissionType,
  });
  return gone.map(({ permission, ...acl }) => ({
    ...acl,
    errorCode: 0,
    errorMessage: null,
    permissionType: permission,
  }));
}
