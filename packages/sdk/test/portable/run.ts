import type { Check, World } from './world.ts'

/** What became of a check. */
export interface Outcome {
  readonly name: string
  readonly ok: boolean
  /** What went wrong, where it did. */
  readonly error?: string
}

// A check that hangs must not keep the others from being run.
const checkMsMax = 20_000

/** Runs checks one after the other, and says what became of each. */
export async function runChecks(
  checks: readonly Check[],
  world: World,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const check of checks) outcomes.push(await outcomeOf(check, world))
  return outcomes
}

async function outcomeOf(check: Check, world: World): Promise<Outcome> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLong = new Promise<never>((_, reject) => {
    const fail = () => reject(new Error(`it did not end within ${checkMsMax} ms`))
    timer = setTimeout(fail, checkMsMax)
  })
  try {
    await Promise.race([check.run(world), tooLong])
    return { name: check.name, ok: true }
  } catch (thrown) {
    return { name: check.name, ok: false, error: told(thrown) }
  } finally {
    clearTimeout(timer)
  }
}

/** All that is known of an error, its causes included. */
function told(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const cause = thrown.cause === undefined ? '' : `\ncaused by ${told(thrown.cause)}`
  // Some runtimes have the message in the stack, some have not.
  return `${thrown.name}: ${thrown.message}\n${thrown.stack ?? ''}${cause}`
}
