import type { World } from '../portable/world.ts'

/** What a program with files is given. */
export interface DiskWorld extends World {
  /** A folder that is not there yet. */
  readonly folder: string
}

/** One thing that must hold wherever there are files. */
export interface DiskCheck {
  readonly name: string
  /** Throws when it does not hold. */
  run(world: DiskWorld): Promise<void>
}
