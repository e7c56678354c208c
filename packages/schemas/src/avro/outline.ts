/* An Avro schema as lines for people: each field by its path. */

import { printJson } from '../json/print.ts';
import type { Outline } from '../parsed-schema.ts';
import { isNamed, type AvroType } from './model.ts';

/** A type in a few words. */
export function typeWords(type: AvroType): string {
  const logical = type.properties.get('logicalType');
  const suffix = typeof logical === 'string' ? ` (${logical})` : '';
  switch (type.kind) {
    case 'union':
      return type.branches.map(typeWords).join(' or ');
    case 'array':
      return `array of ${typeWords(type.items)}`;
    case 'map':
      return `map of ${typeWords(type.values)}`;
    case 'enum':
      return `enum ${type.fullName} ${type.symbols.join('|')}${type.default === undefined ? '' : `, default ${type.default}`}`;
    case 'fixed':
      return `fixed ${type.fullName} of ${type.size} bytes${suffix}`;
    case 'record':
      return `record ${type.fullName}`;
    default:
      return `${type.kind}${suffix}`;
  }
}

export function avroOutline(root: AvroType): Outline {
  const lines = new Map<string, string>([['', typeWords(root)]]);
  const open = new Set<AvroType>();
  const visit = (type: AvroType, path: string): void => {
    if (type.kind === 'union') for (const branch of type.branches) visit(branch, path);
    else if (type.kind === 'array') visit(type.items, `${path}[]`);
    else if (type.kind === 'map') visit(type.values, `${path}{}`);
    else if (type.kind === 'record' && !open.has(type)) {
      open.add(type);
      for (const field of type.fields) {
        const at = path === '' ? field.name : `${path}.${field.name}`;
        const fallback = field.default === undefined ? '' : `, default ${printJson(field.default)}`;
        lines.set(at, `${typeWords(field.type)}${fallback}`);
        visit(field.type, at);
      }
      open.delete(type);
    }
  };
  visit(root, '');
  return lines;
}
export const nameOf = (type: AvroType): string | undefined => (isNamed(type) ? type.fullName : undefined);
