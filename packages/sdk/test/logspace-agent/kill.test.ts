import { randomInt } from 'node:crypto'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { killRounds } from '../disk/kill-rounds.ts'

const program = fileURLToPath(new URL('numbered-program.ts', import.meta.url))
const rounds = Number(process.env['AGENT_KILL_ROUNDS'] ?? 12)
// The seed repeats what is killed and when, not how the machine interleaves it.
const seed = Number(process.env['AGENT_KILL_SEED'] ?? randomInt(2 ** 32))

it(
  'A Logspace agent loses and doubles nothing, whoever is killed',
  { timeout: 10_000 * rounds },
  (context) => {
    context.diagnostic(`AGENT_KILL_SEED=${seed} AGENT_KILL_ROUNDS=${rounds}`)
    return killRounds(context, { program, rounds, seed, parse, numberOf })
  },
)

/** Numbers beyond 2^53 are read as texts. */
function parse(text: string): unknown {
  return JSON.parse(text.replace(/"number":\[(\d+)\]/g, '"number":["$1"]'))
}

function numberOf(data: unknown): number {
  const { 'long-properties': longs } = data as { 'long-properties': { number: [string] } }
  return Number(BigInt(longs.number[0]) - 2n ** 62n)
}
