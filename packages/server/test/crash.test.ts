import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { CrashingServer } from './crash/crashing-server.ts'
import { doors } from './crash/doors.ts'
import { faultsOf } from './crash/faults.ts'
import { Follower, nativeList, webexList, workosList } from './crash/follower.ts'
import { Ledger } from './crash/ledger.ts'
import { Random } from './crash/random.ts'
import { Writer } from './crash/writer.ts'
import { temporaryFolder } from './support/folder.ts'

// The seed repeats what is sent and when the server is killed, not how the machine interleaves them.
const seed = Number(process.env['EVENTWELL_CRASH_SEED'] ?? randomInt(2 ** 32))
const rounds = Number(process.env['EVENTWELL_CRASH_ROUNDS'] ?? 20)
const writersPerDoor = 2
const acknowledgementsMax = 100
const writersSilentMs = 3000
const shownFaultsMax = 10
const timeoutMs = 60_000 + rounds * 10_000

const title =
  'What was acknowledged is there exactly once after every kill -9, and what was refused never is'

test(title, { timeout: timeoutMs }, async (context) => {
  context.diagnostic(`EVENTWELL_CRASH_SEED=${seed} EVENTWELL_CRASH_ROUNDS=${rounds}`)
  const folder = temporaryFolder()
  const server = new CrashingServer(folder.path)
  context.after(async () => {
    await server.end()
    folder.remove()
  })
  const random = new Random(seed)
  const ledger = new Ledger()
  const writers = new Crew(writersOf(server, ledger, random))
  const followers = followersOf(server, random)
  const following = new Crew(followers)

  await crash(server, random)
  await server.start()
  await writers.finish()
  // Once more, now that everything is acknowledged.
  await server.kill()
  await server.start()
  await following.finish()
  const readers = followersOf(server, random)
  const reading = new Crew(readers)
  await reading.finish()

  const faults = [
    ...[writers, following, reading].flatMap((crew) => crew.failures),
    ...followers.flatMap((follower) => faultsOf(ledger, follower, 'follower')),
    ...readers.flatMap((reader) => faultsOf(ledger, reader, 'list')),
  ]
  const { acknowledged, refused, unknown, latest } = ledger
  context.diagnostic(
    `${latest.size} events by ${acknowledged} requests; ${refused} were refused, ${unknown} cut off`,
  )
  const shown = faults.slice(0, shownFaultsMax).join('\n')
  const message = `EVENTWELL_CRASH_SEED=${seed}: ${faults.length} faults, the first of them:\n${shown}`
  assert.equal(faults.length, 0, message)
})

/** Those who go on through all crashes, each until it is told to finish. */
class Crew {
  /** Why some of them gave up, once they are finished. */
  readonly failures: string[] = []
  readonly #end = { isAsked: false }
  readonly #finished: Promise<PromiseSettledResult<void>[]>

  constructor(members: readonly (Writer | Follower)[]) {
    this.#finished = Promise.allSettled(members.map((member) => member.run(this.#end)))
  }

  async finish(): Promise<void> {
    this.#end.isAsked = true
    for (const result of await this.#finished) {
      if (result.status === 'rejected') this.failures.push(String(result.reason))
    }
  }
}

async function crash(server: CrashingServer, random: Random): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await server.start()
    await (round % 2 === 0 ? anyTime(random) : anyAcknowledgement(server, random))
    await server.kill()
  }
}

async function anyTime(random: Random): Promise<void> {
  await pause(random.between(20, 400))
}

/** The moment when a yes has just come: a server that says it too early has had no time to make it true. */
async function anyAcknowledgement(server: CrashingServer, random: Random): Promise<void> {
  const longest = pause(writersSilentMs, undefined, { ref: false })
  await Promise.race([server.acknowledgements(random.between(1, acknowledgementsMax)), longest])
}

function writersOf(server: CrashingServer, ledger: Ledger, random: Random): Writer[] {
  return doors.flatMap((door) => {
    return Array.from({ length: writersPerDoor }, (_, index) => {
      return new Writer({ name: `w${index}`, door, server, ledger, random: random.fork() })
    })
  })
}

function followersOf(server: CrashingServer, random: Random): Follower[] {
  const lists = [nativeList, workosList, webexList]
  return lists.map((list) => new Follower(server, list, random.fork()))
}
