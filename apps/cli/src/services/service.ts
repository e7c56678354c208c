/* What the command `services` knows of a server: how it is started for good, stopped, and found. */

export interface ServiceStatus {
  /** Where clients connect. */
  readonly url: string;
  /** More for people: how to use it. */
  readonly note: string;
  /** A line for a shell that connects to it. */
  readonly connect: string;
  /** More for scripts. */
  readonly details?: Readonly<Record<string, unknown>>;
}
/** What `services up` was told beside names. */
export interface ServiceOptions {
  readonly port?: number | undefined;
  readonly data?: string | undefined;
  readonly config: Readonly<Record<string, string>>;
}
export interface Service {
  /** Starts it unless it runs; it keeps running when this process ends. */
  up(options: ServiceOptions): Promise<ServiceStatus>;
  /** False when it did not run. */
  down(): Promise<boolean>;
  status(): Promise<ServiceStatus | undefined>;
}
