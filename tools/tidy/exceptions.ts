/* Files that tidy lets pass, each with its reason. */

export const exceptions: ReadonlyMap<string, string> = new Map([]);

/** Folders whose files may import each other in circles, because what they hold is recursive by nature. */
export const recursiveFolders: ReadonlyMap<string, string> = new Map([
  ['packages/sql/src/ast/', 'an expression may be a query, and a query holds expressions'],
  [
    'packages/sql/src/parser/',
    'the grammar is recursive: an expression may hold a query, and a query holds expressions',
  ],
  ['packages/sql/src/printer/', 'the printer follows the grammar'],
  ['packages/plan/src/logical/', 'a relation reads relations: each kind knows the union of all'],
  ['packages/plan/src/physical/', 'a node reads nodes: each kind knows the union of all'],
  ['packages/expr/src/values/json-', 'a filter of a JSON path holds a path'],
]);
