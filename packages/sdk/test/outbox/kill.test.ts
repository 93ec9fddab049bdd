import { randomInt } from 'node:crypto'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { killRounds } from '../disk/kill-rounds.ts'

const program = fileURLToPath(new URL('numbered-program.ts', import.meta.url))
const rounds = Number(process.env['OUTBOX_KILL_ROUNDS'] ?? 12)
// The seed repeats what is killed and when, not how the machine interleaves it.
const seed = Number(process.env['OUTBOX_KILL_SEED'] ?? randomInt(2 ** 32))

it(
  'An outbox loses and doubles nothing, whoever is killed, and keeps the order',
  { timeout: 10_000 * rounds },
  (context) => {
    context.diagnostic(`OUTBOX_KILL_SEED=${seed} OUTBOX_KILL_ROUNDS=${rounds}`)
    const numberOf = (data: unknown) => (data as { number: number }).number
    return killRounds(context, { program, rounds, seed, numberOf })
  },
)
