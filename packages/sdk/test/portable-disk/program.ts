import { runChecks, type Outcome } from '../portable/run.ts'
import { agentChecks } from './agent.ts'
import { outboxChecks } from './outbox.ts'
import type { DiskCheck, DiskWorld } from './world.ts'

// The program that runs where there are files: Node, Bun and Deno.

/** All that must hold of what keeps events on disk. */
export const checks: readonly DiskCheck[] = [...outboxChecks, ...agentChecks]

/** Runs them one after the other, each on a folder of its own, and says what became of each. */
export function run(world: DiskWorld): Promise<readonly Outcome[]> {
  const ready = checks.map((check) => ({
    name: check.name,
    run: () =>
      check.run({ ...world, folder: `${world.folder}/${check.name.replaceAll(/\W+/g, '-')}` }),
  }))
  return runChecks(ready, world)
}
