/* Every type that a .proto file and its imports define, by full name, and which one a name means in a scope. */

import { didYouMean, UserError } from '#base';
import { scalarTypes, type ProtoField, type ProtoFile, type ProtoMessage, type ProtoType } from './model.ts';

export interface DefinedType {
  /** With its package and the messages around it; no dot in front. */
  readonly fullName: string;
  readonly type: ProtoType;
  readonly file: ProtoFile;
  /** Of the file: the import that brought it; undefined for the file itself. */
  readonly importedAs: string | undefined;
}

export class ProtoTypes {
  readonly #byName = new Map<string, DefinedType>();

  /** `imported`: files by the path under which they are imported, those that they import among them. */
  constructor(file: ProtoFile, imported: ReadonlyMap<string, ProtoFile>) {
    this.#add(file, undefined);
    for (const [path, other] of imported) this.#add(other, path);
  }
  #add(file: ProtoFile, importedAs: string | undefined): void {
    const add = (types: readonly ProtoType[], prefix: string): void => {
      for (const type of types) {
        const fullName = `${prefix}${type.name}`;
        if (!this.#byName.has(fullName)) this.#byName.set(fullName, { fullName, type, file, importedAs });
        if (type.kind === 'message') add(type.types, `${fullName}.`);
      }
    };
    add(file.types, file.package === '' ? '' : `${file.package}.`);
  }

  get(fullName: string): DefinedType | undefined {
    return this.#byName.get(fullName);
  }
  /** The type that `name` means inside `scope` (package and messages, outermost first): the innermost scope that has its
   *  first part decides, as in C++. */
  find(name: string, scope: readonly string[]): DefinedType | undefined {
    if (name.startsWith('.')) return this.#byName.get(name.slice(1));
    for (let depth = scope.length; depth >= 0; depth--) {
      const prefix = scope
        .slice(0, depth)
        .map((part) => `${part}.`)
        .join('');
      const found = this.#byName.get(`${prefix}${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  /** Throws SCH1005 where there is none. */
  resolve(name: string, scope: readonly string[]): DefinedType {
    const found = this.find(name, scope);
    if (found !== undefined) return found;
    throw new UserError('SCH1005', {
      message: `there is no type "${name}" (in ${scope.join('.') || 'the file'})`,
      hint: didYouMean(name, [...scalarTypes, ...this.#byName.keys()]) ?? 'Import the file that defines it.',
    });
  }
}

/** Calls `visit` for every field of a file, with the scope that its type is looked up in. */
export function eachField(
  file: ProtoFile,
  visit: (field: ProtoField, scope: readonly string[]) => void,
): void {
  const root = file.package === '' ? [] : file.package.split('.');
  const message = (m: ProtoMessage, outer: readonly string[]): void => {
    const scope = [...outer, m.name];
    for (const field of [...m.fields, ...m.oneofs.flatMap((o) => o.fields)]) visit(field, scope);
    for (const extend of m.extends) for (const field of extend.fields) visit(field, scope);
    for (const type of m.types) if (type.kind === 'message') message(type, scope);
  };
  for (const type of file.types) if (type.kind === 'message') message(type, root);
  for (const extend of file.extends) for (const field of extend.fields) visit(field, root);
}

/** Throws SCH1005 for the first type that the file names and nothing defines. */
export function checkTypes(file: ProtoFile, types: ProtoTypes): void {
  eachField(file, (field, scope) => {
    if (!scalarTypes.has(field.type)) types.resolve(field.type, scope);
  });
  const root = file.package === '' ? [] : file.package.split('.');
  for (const { rpcs, name } of file.services)
    for (const { request, response } of rpcs) {
      types.resolve(request, [...root, name]);
      types.resolve(response, [...root, name]);
    }
}
