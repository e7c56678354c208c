/* What a plan computes, as one short text: a job goes on only from a checkpoint of the same. Names, types and titles
 * count, which stand in EXPLAIN and stay over versions; client properties do not. */

import { createHash } from 'node:crypto';
import { typeText } from '#data';
import type { JobPlan } from '#job';

export function planDigest({ nodes }: JobPlan): string {
  const text = nodes.map((node) => ({
    id: node.id,
    title: node.title,
    types: node.outputTypes.map(typeText),
    inputs: node.kind === 'source' ? [] : node.inputs,
    table: node.kind === 'operator' ? undefined : tableText(node.table),
  }));
  return createHash('sha256').update(JSON.stringify(text)).digest('hex');
}

function tableText({
  path,
  physical,
  options,
}: Extract<JobPlan['nodes'][number], { kind: 'source' }>['table']): unknown {
  return {
    path,
    columns: physical.map((f) => [f.name, typeText(f.type)]),
    options: options.filter((o) => !o.key.startsWith('properties.')).map((o) => [o.key, o.value]),
  };
}
