/* A schema registry in this process, with the REST API of Confluent's.
 *
 *   const registry = await Registry.start({ world, port: 0 });
 *   … clients use registry.url …
 *   await registry.stop();
 *
 * Schemas are in memory unless `dir` names a folder or `topic` a Kafka topic. */

import { UserError, type World } from '#base';
import type { CompatibilityLevel } from '#schemas';
import type { Authentication } from './rest/authentication.ts';
import { RestServer } from './rest/server.ts';
import { RegistryService } from './service/registry-service.ts';
import { noopRecord } from './state/log-records.ts';
import { FolderStorage } from './storage/folder-storage.ts';
import { MemoryStorage } from './storage/memory-storage.ts';
import type { SchemaStorage } from './storage/storage.ts';
import { TopicStorage, type SchemaTopic } from './storage/topic-storage.ts';

export interface RegistryOptions {
  /** Where a folder is reached through. */
  readonly world: World;
  /** 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Schemas are kept in this folder. */
  readonly dir?: string;
  /** Schemas are kept in this topic, which other registries may share. */
  readonly topic?: SchemaTopic;
  /** Of subjects that nobody set one for; BACKWARD. */
  readonly compatibilityLevel?: CompatibilityLevel;
  /** PEM. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Without, everybody may ask. */
  readonly auth?: Authentication;
  /** One line of what went wrong. */
  readonly log?: (line: string) => void;
}
/** As which version of Confluent's registry it behaves. */
const behavesAs = '8.0.0-millrace';

export class Registry {
  readonly #server: RestServer;
  readonly #storage: SchemaStorage;
  #stopped: Promise<void> | undefined;

  private constructor(server: RestServer, storage: SchemaStorage) {
    this.#server = server;
    this.#storage = storage;
  }
  /** Reads what is stored, then listens. Throws ExternalError when port, folder or topic cannot be had. */
  static async start(options: RegistryOptions): Promise<Registry> {
    const storage = storageOf(options);
    const service = new RegistryService(storage, options.compatibilityLevel);
    const { port = 0, host = '127.0.0.1', tls, auth, log = () => {} } = options;
    const facts = { version: behavesAs, clusterId: 'millrace' };
    const server = new RestServer(service, { host, port, tls, authentication: auth, facts, log });
    try {
      await service.open();
      await server.listen();
    } catch (error) {
      await storage.close();
      throw error;
    }
    return new Registry(server, storage);
  }
  /** Where clients find it, for schema.registry.url. */
  get url(): string {
    return this.#server.url;
  }
  /** Answers what is under way, then closes. */
  stop(): Promise<void> {
    this.#stopped ??= this.#server.close().then(() => this.#storage.close());
    return this.#stopped;
  }
}

function storageOf({ dir, topic, world }: RegistryOptions): SchemaStorage {
  if (dir !== undefined && topic !== undefined)
    throw new UserError('REG1001', {
      message: 'a registry keeps its schemas in a folder or in a topic: both were given',
    });
  if (topic !== undefined) return new TopicStorage(topic, noopRecord);
  return dir === undefined ? new MemoryStorage() : new FolderStorage(world.disk, dir);
}
