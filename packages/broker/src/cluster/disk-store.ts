/* A broker's folder.
 *
 *   .lock                            the process that has it
 *   .kafka_cleanshutdown             the last one closed everything
 *   journal                          topics, configs, offsets, ...
 *   clicks-0/ clicks-1/ ...          a log each
 *   log-start-offset-checkpoint · recovery-point-offset-checkpoint · cleaner-offset-checkpoint
 */

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rm, statfs } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ExternalError, type World } from '#base';
import { deletedFolderSuffix, DiskLog, type LogMarks } from '../log/disk/disk-log.ts';
import { OffsetCheckpoint } from '../log/disk/offset-checkpoint.ts';
import { OpenFiles } from '../log/disk/open-files.ts';
import { SharedFlush } from '../log/disk/shared-flush.ts';
import type { LogSettings, PartitionLog } from '../log/partition-log.ts';
import { KafkaStorageError } from '../log/storage-error.ts';
import { FileJournal } from './file-journal.ts';
import { lockFolder } from './folder-lock.ts';
import { journalOf } from './journal.ts';
import type { Store, StoreSpace } from './store.ts';

const journalName = 'journal';
const cleanName = '.kafka_cleanshutdown';
const partitionFolder = /^([a-zA-Z0-9._-]+)-(\d+)$/;

export class DiskStore implements Store {
  readonly journal: FileJournal;
  readonly place: string;
  readonly #dir: string;
  readonly #world: World;
  readonly #log: (line: string) => void;
  readonly #unlock: () => void;
  readonly #files = new OpenFiles();
  readonly #closedCleanly: boolean;
  readonly #starts: OffsetCheckpoint;
  readonly #recoveryPoints: OffsetCheckpoint;
  readonly #cleaned: OffsetCheckpoint;
  readonly #logs = new Set<DiskLog>();
  readonly #flushes = new SharedFlush(() => this.#sync());
  /** How many folders were made, and how many of their names are on the disk. */
  #foldersMade = 0;
  #foldersSynced = -1;

  /** Takes the folder, which is made where it is missing. Throws ExternalError when it cannot be had. */
  constructor(dir: string, world: World, log: (line: string) => void) {
    this.#dir = dir;
    this.place = resolve(dir);
    this.#world = world;
    this.#log = log;
    try {
      mkdirSync(dir, { recursive: true });
      this.#unlock = lockFolder(dir);
    } catch (cause) {
      throw unusable(dir, cause);
    }
    try {
      refuseForeign(dir);
      const clean = join(dir, cleanName);
      this.#closedCleanly = existsSync(clean);
      // From here on a crash leaves things to be looked at.
      rmSync(clean, { force: true });
      this.journal = new FileJournal(join(dir, journalName), log);
      this.#starts = new OffsetCheckpoint(join(dir, 'log-start-offset-checkpoint'), true);
      this.#recoveryPoints = new OffsetCheckpoint(join(dir, 'recovery-point-offset-checkpoint'), false);
      this.#cleaned = new OffsetCheckpoint(join(dir, 'cleaner-offset-checkpoint'), false);
      this.#tidyFolders();
    } catch (cause) {
      this.#unlock();
      throw unusable(dir, cause);
    }
  }
  /** Folders of deleted partitions go; those that the journal knows nothing of are set aside, so that a topic of that
   *  name starts empty. */
  #tidyFolders(): void {
    const known = new Map<string, number>();
    for (const [[name], value] of journalOf(this.journal, 'topic'))
      known.set(name!, (value as { readonly partitions: number }).partitions);
    for (const name of readdirSync(this.#dir)) {
      const path = join(this.#dir, name);
      if (name.endsWith(deletedFolderSuffix)) {
        rm(path, { recursive: true, force: true }).catch((error: unknown) => {
          this.#log(String(error));
        });
        continue;
      }
      const [, topic, partition] = partitionFolder.exec(name) ?? [];
      if (topic === undefined || Number(partition) < (known.get(topic) ?? 0)) continue;
      const aside = `${path}.${this.#world.rng.uint32().toString(16)}-stray`;
      renameSync(path, aside);
      this.#log(`${path} belongs to no topic and is now ${aside}`);
    }
  }

  openLog(topic: string, partition: number, settings: LogSettings): PartitionLog {
    this.#foldersMade++;
    const log = new DiskLog(
      {
        files: this.#files,
        folder: join(this.#dir, `${topic}-${partition}`),
        world: this.#world,
        marks: this.#marks(topic, partition, () => this.#logs.delete(log)),
        closedCleanly: this.#closedCleanly,
        syncStore: () => this.#syncDue(),
        log: this.#log,
      },
      settings,
    );
    this.#logs.add(log);
    return log;
  }
  #marks(topic: string, partition: number, forgotten: () => void): LogMarks {
    const [starts, points, cleaned] = [this.#starts, this.#recoveryPoints, this.#cleaned];
    return {
      get startOffset() {
        return starts.get(topic, partition) ?? 0;
      },
      set startOffset(offset) {
        starts.set(topic, partition, offset);
      },
      get recoveryPoint() {
        return points.get(topic, partition) ?? 0;
      },
      set recoveryPoint(offset) {
        points.set(topic, partition, offset);
      },
      get cleanUpTo() {
        return cleaned.get(topic, partition) ?? 0;
      },
      set cleanUpTo(offset) {
        cleaned.set(topic, partition, offset);
      },
      forget() {
        for (const checkpoint of [starts, points, cleaned]) checkpoint.set(topic, partition, undefined);
        forgotten();
      },
    };
  }
  async #syncDue(): Promise<void> {
    if (this.journal.dirty || this.#foldersSynced < this.#foldersMade) await this.#flushes.run();
  }
  /** The journal, and the names of the logs' folders. */
  async #sync(): Promise<void> {
    await this.journal.flush();
    const made = this.#foldersMade;
    if (this.#foldersSynced === made) return;
    const handle = await open(this.#dir, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.#foldersSynced = made;
  }
  async space(): Promise<StoreSpace> {
    try {
      const { bsize, blocks, bavail } = await statfs(this.place);
      return { totalBytes: bsize * blocks, usableBytes: bsize * bavail };
    } catch (cause) {
      throw new KafkaStorageError(`the folder ${this.place} cannot be looked at`, cause);
    }
  }
  async close(): Promise<void> {
    try {
      await this.journal.close();
      this.#files.closeAll();
      if ([...this.#logs].every((log) => log.intact))
        writeFileSync(join(this.#dir, cleanName), '{"version":0,"brokerEpoch":-1}');
    } finally {
      this.#unlock();
    }
  }
}

/** A folder with partitions and no journal of ours is somebody else's. */
function refuseForeign(dir: string): void {
  if (existsSync(join(dir, journalName))) return;
  const found = readdirSync(dir).find((name) => name === 'meta.properties' || partitionFolder.test(name));
  if (found === undefined) return;
  throw new ExternalError('BRK2004', {
    message: `the folder ${dir} has "${found}" but no journal: it is no folder of this broker`,
    hint: 'Data of Apache Kafka cannot be opened. Give the broker a folder of its own.',
    retryable: false,
  });
}

const unusable = (dir: string, cause: unknown): ExternalError =>
  cause instanceof ExternalError
    ? cause
    : new ExternalError('BRK2004', {
        message: `the folder ${dir} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`,
        cause,
        retryable: false,
      });
