/* What a job keeps on disk: where it starts, and how a snapshot becomes a checkpoint.
 *
 *   start ─▶ newest whole checkpoint: of this plan ─▶ resumed · finished ─▶ anew · of another plan ─▶ refused
 */

import { ExternalError, fileName, UserError, type Disk, type DiskLock, type World } from '#base';
import { CheckpointFolder, type AddedColumn, type Checkpoint, type CheckpointInfo } from '#checkpoint';
import type { JobSnapshot } from '#dataflow';
import type { BlockTarget } from '#state';
import { readSavepoint, savepointId, savepointSnapshot } from './savepoints.ts';

export interface JobStateParts {
  readonly world: World;
  readonly job: string;
  /** Where checkpoints of all jobs lie. */
  readonly stateDir: string;
  readonly retained: number;
  /** Where state by key lies: 'hashmap' or 'rocksdb'. */
  readonly backend: string;
  /** A checkpoint may refer to the one before. */
  readonly incremental: boolean;
  /** Digest of the plan once tables have these columns: the job is planned so from then on. */
  readonly plan: (columns: readonly AddedColumn[]) => string;
  /** The plan as it is. */
  readonly current: () => { readonly plan: string; readonly columns: readonly AddedColumn[] };
  readonly parallelism: number;
  /** What is there is forgotten. */
  readonly fresh: boolean;
  /** A start goes on from it, unless the job went on from it before. */
  readonly fromSavepoint: string | undefined;
  readonly warn: (message: string) => void;
}

/** Where a job starts. */
export interface StartPoint {
  readonly incarnation: string;
  readonly restore: JobSnapshot | undefined;
  /** When what it goes on from was taken, ms; undefined: it starts anew. */
  readonly takenAt: number | undefined;
}

/** The folder of a job's state. */
export const jobFolder = (stateDir: string, job: string): string => `${stateDir}/${fileName(job)}`;

export class JobDiskState {
  readonly #parts: JobStateParts;
  readonly #folder: CheckpointFolder;
  #incarnation = '';
  #savepoint: string | undefined;
  /** What the incarnation began from, where that was a savepoint. */
  #begun: JobSnapshot | undefined;
  #lock: DiskLock | undefined;
  /** Bytes that went to disk for the newest checkpoint. */
  bytes = 0;

  constructor(parts: JobStateParts) {
    this.#parts = parts;
    this.#folder = new CheckpointFolder(
      this.#disk,
      jobFolder(parts.stateDir, parts.job),
      parts.retained,
      () => parts.world.breathe(),
    );
  }
  get #disk(): Disk {
    return this.#parts.world.disk;
  }
  /** Checkpoints that are kept. */
  get retained(): number {
    return this.#parts.retained;
  }
  get path(): string {
    return this.#folder.path;
  }

  /** Where the process starts. Throws UserError CHK1001 when the plan is another, CHK1006 when state lay
   *  elsewhere, CHK1002 when another process runs the job, ExternalError CHK2002 when there are checkpoints and none is whole. */
  async begin(): Promise<StartPoint> {
    await this.#claim();
    try {
      return await this.#find();
    } catch (error) {
      await this.end();
      throw error;
    }
  }
  /** One process at a time works on a job's state. */
  async #claim(): Promise<void> {
    const { job, stateDir } = this.#parts;
    await this.#disk.makeFolder(stateDir);
    const lock = await this.#disk.lock(`${this.path}.lock`);
    if ('heldBy' in lock)
      throw new UserError('CHK1002', {
        message: `the job '${job}' runs already, by ${lock.heldBy}, with its state in ${this.path}`,
        hint: `millrace jobs stop '${job}' ends it; another --name or --state-dir keeps the two apart.`,
      });
    this.#lock = lock;
  }
  /** Another process may go on from here. */
  async end(): Promise<void> {
    await this.#folder.abandonBlocks();
    await this.#lock?.release();
    this.#lock = undefined;
  }
  async #find(): Promise<StartPoint> {
    const { fresh, fromSavepoint } = this.#parts;
    if (fresh) await this.#folder.clear();
    const savepoint =
      fromSavepoint === undefined ? undefined : await readSavepoint(this.#disk, fromSavepoint);
    const checkpoint = await this.#newest();
    if (savepoint !== undefined && checkpoint?.savepoint !== savepointId(savepoint))
      return await this.#from(savepoint);
    if (checkpoint === undefined) return this.#anew();
    if (checkpoint.finished) {
      await this.#folder.clear();
      return this.#anew();
    }
    if (checkpoint.plan !== this.#parts.plan(checkpoint.columns ?? []))
      throw new UserError('CHK1001', {
        message: `the job '${this.#parts.job}' is not what wrote checkpoint ${checkpoint.epoch} in ${this.path}: its query, or a table of it, changed`,
        hint: '--fresh forgets the state and begins anew; the statement as it was goes on from it.',
      });
    const backend = checkpoint.backend ?? 'hashmap';
    if (backend !== this.#parts.backend)
      throw new UserError('CHK1006', {
        message: `checkpoint ${checkpoint.epoch} in ${this.path} was taken with 'state.backend.type' = '${backend}', and it is '${this.#parts.backend}' now`,
        hint: 'A savepoint, taken as it was, can be gone on from with the other.',
      });
    this.#incarnation = checkpoint.incarnation;
    this.#savepoint = checkpoint.savepoint;
    return {
      incarnation: checkpoint.incarnation,
      restore: snapshotOf(checkpoint),
      takenAt: checkpoint.takenAt,
    };
  }
  async #from(savepoint: Checkpoint): Promise<StartPoint> {
    await this.#folder.clear();
    this.#parts.plan(savepoint.columns ?? []);
    this.#savepoint = savepointId(savepoint);
    this.#begun = savepointSnapshot(savepoint);
    return { ...this.#anew(), restore: this.#begun, takenAt: savepoint.takenAt };
  }
  #anew(): StartPoint {
    const { rng } = this.#parts.world;
    this.#incarnation = Array.from({ length: 4 }, () => rng.uint32().toString(16).padStart(8, '0')).join('');
    return { incarnation: this.#incarnation, restore: undefined, takenAt: undefined };
  }
  async #newest(): Promise<Checkpoint | undefined> {
    const { checkpoint, broken } = await this.#folder.newest();
    const [first] = broken;
    if (checkpoint === undefined && first !== undefined)
      throw new ExternalError('CHK2002', {
        message: `no checkpoint of the job '${this.#parts.job}' can be used: ${broken.map((b) => b.message).join('; ')}`,
        hint: '--fresh forgets them and begins anew.',
        cause: first,
        retryable: false,
      });
    for (const { message } of broken)
      this.#parts.warn(`${message}. The checkpoint before it, ${checkpoint!.epoch}, is used.`);
    return checkpoint;
  }

  /** Where the same process goes on after a failure. */
  async again(): Promise<StartPoint> {
    await this.#folder.abandonBlocks();
    const checkpoint = await this.#newest();
    if (checkpoint === undefined)
      return { incarnation: this.#incarnation, restore: this.#begun, takenAt: undefined };
    return {
      incarnation: this.#incarnation,
      restore: snapshotOf(checkpoint),
      takenAt: checkpoint.takenAt,
    };
  }
  /** The epoch that the next snapshot may refer to. */
  get base(): number | undefined {
    return this.#parts.incremental ? this.#folder.base : undefined;
  }
  /** Takes blocks of the state of a share while the snapshot of that epoch is taken. */
  blocks(epoch: number, share: number): BlockTarget {
    return this.#folder.blocks(epoch, this.#incarnation, share);
  }
  async persist(snapshot: JobSnapshot): Promise<void> {
    this.bytes = await this.#folder.write({
      ...this.info(snapshot),
      form: 'checkpoint',
      parts: snapshot.states,
    });
  }
  /** What a manifest says of a snapshot that is taken now. */
  info({ epoch, finished }: JobSnapshot): CheckpointInfo {
    const { world, job, current, parallelism, backend } = this.#parts;
    const { plan, columns } = current();
    return {
      backend,
      job,
      plan,
      parallelism,
      epoch,
      finished,
      incarnation: this.#incarnation,
      savepoint: this.#savepoint,
      takenAt: world.now(),
      ...(columns.length > 0 && { columns }),
    };
  }
}

const snapshotOf = ({ epoch, parts, finished }: Checkpoint): JobSnapshot => ({
  epoch,
  finished,
  states: parts,
});
