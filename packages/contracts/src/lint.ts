/* What is wrong, or missing, in a contract that can be read. */

import type { Contract, ContractField } from './model.ts';

export interface Finding {
  readonly severity: 'error' | 'warning';
  readonly where: string;
  readonly message: string;
}

export function lintContract(contract: Contract): Finding[] {
  const findings: Finding[] = [];
  const add = (severity: Finding['severity'], where: string, message: string): void => {
    findings.push({ severity, where, message });
  };
  if (!/^\d+(\.\d+){0,2}([-+].*)?$/.test(contract.version))
    add('warning', 'version', `${contract.version} is no version such as 1.2.0`);
  if (contract.owner === undefined) add('warning', 'owner', 'nobody owns it');
  if (contract.tables.length === 0) add('error', 'schema', 'it promises no table');
  for (const table of contract.tables) {
    if (table.fields.length === 0) add('error', table.name, 'it has no columns');
    if (table.fields.every((f) => f.keyPosition === undefined && !f.unique))
      add('warning', table.name, 'no column is unique and none a key');
    const names = new Set<string>();
    for (const field of table.fields) {
      const where = `${table.name}.${field.name}`;
      if (names.has(field.name)) add('error', where, 'the column is there twice');
      names.add(field.name);
      fieldFindings(field, where, add);
    }
    for (const { name, columns = [] } of contract.consumers)
      for (const column of columns)
        if (contract.tables.length === 1 && !names.has(column))
          add('error', `consumers.${name}`, `reads ${column}, which is no column`);
  }
  for (const reason of contract.notMeasured) add('warning', 'not measured', reason);
  return findings;
}

function fieldFindings(
  field: ContractField,
  where: string,
  add: (severity: Finding['severity'], where: string, message: string) => void,
): void {
  const { type, minimum, maximum, minLength, maxLength, precision, scale, pattern } = field;
  if (type === undefined) add('warning', where, 'it has no type');
  if (field.description === undefined) add('warning', where, 'it has no description');
  if (typeof minimum === typeof maximum && minimum !== undefined && minimum > maximum!)
    add('error', where, `minimum ${minimum} is greater than maximum ${maximum}`);
  if (minLength !== undefined && maxLength !== undefined && minLength > maxLength)
    add('error', where, `min_length ${minLength} is greater than max_length ${maxLength}`);
  if (precision !== undefined && scale !== undefined && scale > precision)
    add('error', where, `scale ${scale} is greater than precision ${precision}`);
  if (field.enum !== undefined && field.enum.length === 0) add('error', where, 'its enum is empty');
  if (
    (minLength !== undefined || maxLength !== undefined || pattern !== undefined) &&
    type !== undefined &&
    type !== 'string'
  )
    add('warning', where, `lengths and patterns are for strings, it is ${type}`);
  if (pattern !== undefined) {
    try {
      new RegExp(pattern);
    } catch (error) {
      add('error', where, `its pattern cannot be read: ${(error as Error).message}`);
    }
  }
}
