/* The definitions of embedded tables, a file each. */

import { fileName, type Disk } from '#base';
import type { KeptTable, ObjectPath, TableKeeper } from '#catalog';
import { dataFolder, definitionFile, parsedDefinition, readDefinition, writeDefinition } from './places.ts';

/** `newName` gives eight characters that no other table has. */
export function folderKeeper(disk: Disk, root: string, newName: () => string): TableKeeper {
  return {
    find: (path) => readDefinition(disk, root, path),
    async list(catalog, database) {
      const files = await disk.list(`${root}/${fileName(catalog)}/${fileName(database)}`);
      const found: string[] = [];
      for (const file of files) {
        if (!file.endsWith('.json')) continue;
        const bytes = await disk.read(`${root}/${fileName(catalog)}/${fileName(database)}/${file}`);
        if (bytes !== undefined) found.push(parsedDefinition(bytes, file).path.object);
      }
      return found;
    },
    async put(table: KeptTable): Promise<void> {
      const there = await readDefinition(disk, root, table.path);
      const data = there?.data ?? `${fileName(table.path.object).slice(0, 60)}-${newName()}`;
      const definition = { ...table, data };
      await disk.makeFolder(dataFolder(root, definition));
      await writeDefinition(disk, root, definition);
    },
    async drop(path: ObjectPath): Promise<void> {
      const there = await readDefinition(disk, root, path);
      if (there === undefined) return;
      await disk.remove(definitionFile(root, path));
      await disk.remove(dataFolder(root, there));
    },
    async rename(from: ObjectPath, to: KeptTable): Promise<void> {
      const there = await readDefinition(disk, root, from);
      if (there === undefined) return;
      await writeDefinition(disk, root, { ...to, data: there.data });
      await disk.remove(definitionFile(root, from));
    },
    async truncate(path: ObjectPath): Promise<void> {
      const there = await readDefinition(disk, root, path);
      if (there === undefined) return;
      for (const file of await disk.list(dataFolder(root, there)))
        await disk.remove(`${dataFolder(root, there)}/${file}`);
    },
  };
}
