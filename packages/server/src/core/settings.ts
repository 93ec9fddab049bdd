/** What the operator decided for each workspace. */
export interface Settings {
  /** The workspaces for which something was decided. */
  readonly workspaces: readonly string[]
  /** A workspace's settings for a dialect, of the shape that the dialect names; `{}` where nothing is set. */
  of(workspace: string, dialect: string): object
}
