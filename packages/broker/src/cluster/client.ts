/* A client as the cluster sees it. */

/** Who asks. */
export interface Client {
  readonly id: string;
  /** Address, as `/127.0.0.1`. */
  readonly host: string;
  readonly listener: string;
  /** The node that was connected to: one a port. */
  readonly nodeId: number;
  /** `User:name`, or `User:ANONYMOUS`. */
  readonly principal: string;
}
