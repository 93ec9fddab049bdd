import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { type TestContext } from 'node:test'
import { Random } from '../../../server/test/crash/random.ts'
import { ServerProcess } from '../../../server/test/support/server-process.ts'
import { Eventwell } from '../../src/native/index.ts'
import { temporaryFolder } from './folder.ts'

// A program adds numbered events as fast as it can and prints each number once it is acknowledged. It and
// the server are killed (`kill -9`), in any order, again and again. In the end the server must have every
// acknowledged event once, in the order of the numbers, and no others but those that were on their way
// when the program was killed.

/** What the test is given. */
export interface KillRounds {
  /** Started with: folder, server's address, first number, the most to add. */
  readonly program: string
  readonly rounds: number
  readonly seed: number
  /** Reads the JSON of events; `JSON.parse` by default. */
  readonly parse?: (text: string) => unknown
  /** The number of an event that was read. */
  readonly numberOf: (data: unknown) => number
}

// So far apart are the numbers of two rounds.
const roundNumbers = 1_000_000
const acknowledgedMax = 600
// More than any round waits for, and not so many that the test drowns in them.
const addedMax = 100_000
// How many events a program has on the way to the disk at most.
const onTheWayMax = 64

interface Round {
  readonly first: number
  readonly acknowledged: number[]
}

/** Kills and restarts, and looks at what came of it. */
export async function killRounds(context: TestContext, test: KillRounds): Promise<void> {
  const { rounds, seed, parse, numberOf } = test
  const random = new Random(seed)
  const folder = temporaryFolder(context)
  const port = await freePort()
  let server: ServerProcess | undefined
  let program: ChildProcess | undefined
  context.after(() => {
    program?.kill('SIGKILL')
    return server?.stop('SIGKILL')
  })
  const startServer = async () => {
    server ??= await ServerProcess.start(join(folder, 'server'), '--port', String(port))
  }
  const killServer = async () => {
    const killed = server
    server = undefined
    await killed?.stop('SIGKILL')
  }
  const url = `http://127.0.0.1:${port}`
  const start = (first: number, countMax: number) => {
    const args = ['--conditions=eventwell-source', test.program, join(folder, 'kept'), url]
    program = spawn(process.execPath, [...args, String(first), String(countMax)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    return program
  }

  const all: Round[] = []
  for (let count = 0; count < rounds; count += 1) {
    const round: Round = { first: count * roundNumbers, acknowledged: [] }
    all.push(round)
    // The server may come back before the program, while it runs, or not in this round.
    const starting = random.below(2) === 0 ? startServer() : undefined
    const child = start(round.first, addedMax)
    const ending = once(child, 'close')
    const reached = follow(child, round.acknowledged)
    const steps = [async () => reached(random.between(1, acknowledgedMax)), async () => starting]
    if (random.below(3) === 0) steps.push(startServer)
    if (random.below(3) > 0)
      steps.push(async () => reached(random.between(1, acknowledgedMax)), killServer)
    if (random.below(2) === 0) steps.push(async () => reached(random.between(1, acknowledgedMax)))
    for (const step of steps) await step()
    child.kill('SIGKILL')
    await ending
  }
  await startServer()
  const [code] = await once(start(0, 0), 'close')
  assert.equal(code, 0, 'the last program sent all that was left')
  const got: number[] = []
  const client = new Eventwell({ url, key: 'development', parse })
  for await (const { data } of client.read()) got.push(numberOf(data))
  check(all, got)
  const acknowledged = all.reduce((sum, round) => sum + round.acknowledged.length, 0)
  context.diagnostic(`${acknowledged} acknowledged, ${got.length} kept, in ${rounds} rounds`)
}

/** Notes what a program prints; gives a function that waits for so many more acknowledgements. */
function follow(child: ChildProcess, acknowledged: number[]): (more: number) => Promise<void> {
  let wanted = Infinity
  let reach = () => {}
  createInterface({ input: child.stdout! }).on('line', (line) => {
    acknowledged.push(Number(line))
    if (acknowledged.length >= wanted) reach()
  })
  return (more) =>
    new Promise((resolve, reject) => {
      wanted = acknowledged.length + more
      reach = resolve
      child.on('close', (code) => reject(new Error(`The program ended by itself with ${code}.`)))
    })
}

function check(rounds: readonly Round[], got: readonly number[]): void {
  assert.deepEqual(
    got,
    [...new Set(got)].toSorted((one, other) => one - other),
    'once each, in order',
  )
  const kept = new Set(got)
  for (const { first, acknowledged } of rounds) {
    assert.deepEqual(
      acknowledged,
      acknowledged.map((_, index) => first + index),
      'acknowledged in order',
    )
    const lost = acknowledged.filter((number) => !kept.has(number))
    assert.deepEqual(lost, [], 'nothing that was acknowledged is lost')
    const end = first + acknowledged.length
    for (const number of got) {
      if (number >= first && number < first + roundNumbers) assert.ok(number < end + onTheWayMax)
    }
  }
  assert.ok(got.length > 0)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
