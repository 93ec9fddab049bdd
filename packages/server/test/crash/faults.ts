import type { Follower, Sighting } from './follower.ts'
import type { Known, Ledger } from './ledger.ts'

/**
 * What is wrong with what a reader saw, in words; empty when all is right. Each state that stands is there
 * exactly once. A follower may have seen a state that was replaced later, once and before the one that
 * stands; a list that was made afterwards may not show it.
 */
export function faultsOf(ledger: Ledger, reader: Follower, kind: 'follower' | 'list'): string[] {
  const faults: string[] = []
  const fault = (text: string) => faults.push(`The ${kind} of ${reader.path}: ${text}`)
  const marks = new Set<string>()
  const settled = new Set<string>()
  let last = 0
  for (const sighting of reader.seen) {
    const { mark, position } = sighting
    const known = ledger.get(mark)
    for (const text of faultsOfOne(sighting, known)) fault(text)
    if (marks.has(mark)) fault(`is there twice: ${mark}`)
    marks.add(mark)
    if (position !== undefined && position <= last) fault(`at ${position} comes after ${last}`)
    last = position ?? last
    if (known === undefined) continue
    if (ledger.latest.get(known.identity) === mark) settled.add(known.identity)
    else if (kind === 'list') fault(`was replaced, but is listed: ${mark}`)
    else if (settled.has(known.identity)) fault(`comes after what replaced it: ${mark}`)
  }
  for (const mark of ledger.latest.values()) {
    if (!marks.has(mark)) fault(`was acknowledged, but is missing: ${mark}`)
  }
  return faults
}

function faultsOfOne({ mark, data, identity }: Sighting, known: Known | undefined): string[] {
  if (known === undefined) return [`was never sent: ${data}`]
  const faults: string[] = []
  if (known.isRefused) faults.push(`was refused, but is there: ${mark}`)
  if (known.data !== data) faults.push(`was altered: ${mark}`)
  if (identity !== undefined && identity !== known.identity) {
    faults.push(`has another identity, ${identity}: ${mark}`)
  }
  return faults
}
