/* A catalog in a folder, which keeps its databases, tables, views, functions and models between runs.
 *
 *   <path>/<database>/database.json      comment and options
 *                     <name>.table.sql   the statement that makes it; .view.sql, .function.sql, .model.sql
 *
 * Rows of tables lie where their connectors have them. Files are text, to be read, compared and put under version control. */

import { fileName, UserError, type Disk } from '#base';
import {
  storedSpace,
  type CatalogChanges,
  type CatalogStore,
  type CatalogType,
  type StoredKind,
  type StoredObject,
  type StoredSpace,
} from '#catalog';

const kinds: readonly StoredKind[] = ['table', 'view', 'function', 'model'];
const kindsOf = (space: StoredSpace): StoredKind[] => kinds.filter((kind) => storedSpace(kind) === space);
const shape = /^(.+)\.(table|view|function|model)\.sql$/;
/** In front of a view's text, where its names are looked up. */
const homeLine = /^-- in (.+)\n/;

export const folderCatalog: CatalogType = {
  type: 'filesystem',
  options: [{ key: 'path', type: 'string', required: true, doc: 'The folder that it lies in.' }],
  defaultDatabase: 'default',
  async open(options, world) {
    const path = options
      .require('path')
      .replace(/^file:(\/\/)?/, '')
      .replace(/(.)\/+$/, '$1');
    if (path === '')
      throw new UserError('CAT1002', {
        at: options.at('path'),
        message: "option 'path': a folder is expected",
      });
    return folderStore(world.disk, path);
  },
};

function folderStore(disk: Disk, root: string): CatalogStore {
  const folder = (database: string): string => `${root}/${fileName(database)}`;
  const file = (database: string, object: string, kind: StoredKind): string =>
    `${folder(database)}/${fileName(object)}.${kind}.sql`;
  const write = async (path: string, text: string): Promise<void> => {
    await disk.write(`${path}.new`, [Buffer.from(text)]);
    await disk.sync(`${path}.new`);
    await disk.rename(`${path}.new`, path);
  };
  const changes: CatalogChanges = {
    async putDatabase({ name, comment, options }) {
      await disk.makeFolder(folder(name));
      await write(
        `${folder(name)}/database.json`,
        `${JSON.stringify({ name, comment, options }, undefined, 2)}\n`,
      );
      await disk.sync(folder(name));
    },
    dropDatabase: (name) => disk.remove(folder(name)),
    async put(database, object, stored) {
      const home = stored.home === undefined ? '' : `-- in ${JSON.stringify(stored.home)}\n`;
      await write(file(database, object, stored.kind), `${home}${stored.sql};\n`);
      await disk.sync(folder(database));
    },
    async remove(database, object, space) {
      for (const kind of kindsOf(space)) await disk.remove(file(database, object, kind));
    },
  };
  return {
    async databases() {
      const found = [];
      for (const name of await disk.list(root)) {
        const bytes = await disk.read(`${root}/${name}/database.json`).catch(() => undefined);
        if (bytes === undefined) continue;
        const { comment, options = {}, ...rest } = parsed(bytes, `${root}/${name}/database.json`);
        found.push({ name: rest.name, comment, options });
      }
      return found;
    },
    async names(database) {
      const files = await disk.list(folder(database));
      return files.flatMap((f) => {
        const [, name, kind] = shape.exec(f) ?? [];
        return name === undefined ? [] : [{ name: decodeURIComponent(name), kind: kind as StoredKind }];
      });
    },
    async read(database, object, space): Promise<StoredObject | undefined> {
      for (const kind of kindsOf(space)) {
        const bytes = await disk.read(file(database, object, kind));
        if (bytes === undefined) continue;
        const text = Buffer.from(bytes).toString();
        const home = homeLine.exec(text)?.[1];
        const sql = text.replace(homeLine, '').replace(/;\s*$/, '');
        return {
          kind,
          sql,
          ...(home === undefined ? {} : { home: JSON.parse(home) as StoredObject['home'] & object }),
        };
      }
      return undefined;
    },
    changes,
  };
}

function parsed(
  bytes: Uint8Array,
  file: string,
): {
  readonly name: string;
  readonly comment: string | undefined;
  readonly options?: Record<string, string>;
} {
  try {
    return JSON.parse(Buffer.from(bytes).toString()) as ReturnType<typeof parsed>;
  } catch (cause) {
    throw new UserError('CAT2016', { message: `${file} is no description of a database`, cause });
  }
}
