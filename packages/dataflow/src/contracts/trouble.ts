/* What keeps a connector from its work while it goes on trying: for people who wonder why nothing moves. */

/** Why, and since when in ms since the epoch. */
export interface Trouble {
  readonly message: string;
  readonly since: number;
}
