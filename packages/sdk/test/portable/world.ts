/** What the program that runs in every runtime is given: a server of ours, on a socket. */
export interface World {
  /** The server's address, `http://127.0.0.1:…`. */
  readonly url: string
  /** A key of a workspace for each check, by the check's name; it may read, write and erase. */
  readonly keys: Readonly<Record<string, string>>
}

/** One thing that must hold in every runtime. */
export interface Check {
  readonly name: string
  /** Throws when it does not hold. */
  run(world: World): Promise<void>
}
