import { httpChecks } from './http.ts'
import { logspaceChecks } from './logspace.ts'
import { nativeChecks } from './native.ts'
import { speakeasyChecks } from './speakeasy.ts'
import { webexChecks } from './webex.ts'
import { workosChecks } from './workos.ts'
import { runChecks, type Outcome } from './run.ts'
import type { Check, World } from './world.ts'

// The program that runs on every runtime: it knows the client by its package's name, and nothing of Node.

/** All that must hold in every runtime. */
export const checks: readonly Check[] = [
  ...httpChecks,
  ...nativeChecks,
  ...speakeasyChecks,
  ...workosChecks,
  ...webexChecks,
  ...logspaceChecks,
]

/** Runs them one after the other, and says what became of each. */
export function run(world: World): Promise<readonly Outcome[]> {
  return runChecks(checks, world)
}
