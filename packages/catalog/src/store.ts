/* What keeps the databases and objects of a catalog outside the session, and the types of catalog that an application has. */

import type { World } from '#base';
import type { OptionSpec, Options } from './options.ts';

export interface StoredDatabase {
  readonly name: string;
  readonly comment: string | undefined;
  readonly options: Readonly<Record<string, string>>;
}
export type StoredKind = 'table' | 'view' | 'function' | 'model';
/** What shares names: a table and a view cannot have the same, a table and a model can. */
export type StoredSpace = 'relation' | 'function' | 'model';
export const storedSpace = (kind: StoredKind): StoredSpace =>
  kind === 'table' || kind === 'view' ? 'relation' : kind;
export interface StoredObject {
  readonly kind: StoredKind;
  /** The statement that makes it: CREATE TABLE, CREATE VIEW, CREATE FUNCTION, CREATE MODEL. */
  readonly sql: string;
  /** Where the names in a view's query are looked up, if not in its own database. */
  readonly home?: { readonly catalog: string; readonly database: string };
}

export interface CatalogStore {
  databases(): Promise<readonly StoredDatabase[]>;
  /** Of a database that is there. */
  names(database: string): Promise<readonly { readonly name: string; readonly kind: StoredKind }[]>;
  read(database: string, object: string, space: StoredSpace): Promise<StoredObject | undefined>;
  /** Absent where nothing can be changed from here. */
  readonly changes?: CatalogChanges;
}
export interface CatalogChanges {
  /** Makes the database, or gives it another comment and other options. */
  putDatabase(database: StoredDatabase): Promise<void>;
  /** With all that is in it. */
  dropDatabase(name: string): Promise<void>;
  put(database: string, object: string, stored: StoredObject): Promise<void>;
  remove(database: string, object: string, space: StoredSpace): Promise<void>;
}

/** A type of catalog: CREATE CATALOG … WITH ('type' = …). */
export interface CatalogType {
  readonly type: string;
  readonly options: readonly OptionSpec[];
  /** The database that is current at first where the option 'default-database' does not say. */
  readonly defaultDatabase: string;
  /** Undefined: it lives in the session. Throws UserError for options that do not fit, ExternalError for what cannot be
   *  reached. */
  open(options: Options, world: World): Promise<CatalogStore | undefined>;
}
