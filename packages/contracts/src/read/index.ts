/* A contract from its text, whichever form it has. */

import type { Contract } from '../model.ts';
import { YamlDocument } from './document.ts';
import { readOdcs } from './odcs.ts';
import { readShort } from './short.ts';

/** Throws CON1001 for text that is no YAML, CON1002, with the line, for what is no contract. */
export function readContract(text: string, name: string): Contract {
  const document = new YamlDocument(text, name);
  const value = document.value as Record<string, unknown> | null;
  if (typeof value === 'object' && value !== null) {
    if ('apiVersion' in value || 'kind' in value) return readOdcs(document);
    if ('contract' in value) return readShort(document);
  }
  throw document.wrong(
    [],
    'it is no contract',
    'It begins with contract: {name, version, owner}, or with apiVersion and kind of the Open Data Contract Standard.',
  );
}
