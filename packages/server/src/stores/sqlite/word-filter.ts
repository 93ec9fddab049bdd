import { eachWord } from '../../core/words.ts'

const bitsPerWord = 12
const probes = 6
// A block of words by the ten thousand has a filter that errs more often, rather than one without end.
const bytesMax = 32 * 1024

/**
 * Which words the payloads of a block may have: a Bloom filter, so that a rare word is looked for in the few
 * blocks that have it, and in one of a hundred that do not.
 */
export function wordFilterOf(payloads: Iterable<string>): Uint8Array {
  const hashes = new Set<number>()
  const known = new Set<string>()
  for (const payload of payloads) {
    eachWord(payload, (word) => {
      if (known.has(word)) return
      known.add(word)
      hashes.add(hashOf(word))
    })
  }
  const bytes = Math.min(Math.ceil((hashes.size * bitsPerWord) / 8), bytesMax)
  const filter = new Uint8Array(bytes)
  for (const hash of hashes) {
    eachBit(hash, bytes * 8, (bit) => {
      filter[bit >>> 3]! |= 1 << (bit & 7)
      return true
    })
  }
  return filter
}

/** Whether a block may have a word, by its filter; false is certain. */
export function mayHaveWord(filter: Uint8Array, word: string): boolean {
  if (filter.length === 0) return false
  return eachBit(hashOf(word), filter.length * 8, (bit) => {
    return (filter[bit >>> 3]! & (1 << (bit & 7))) !== 0
  })
}

/** Visits the bits of a hash until one says no; whether all said yes. */
function eachBit(hash: number, bits: number, visit: (bit: number) => boolean): boolean {
  // Two halves make all probes (Kirsch and Mitzenmacher's double hashing).
  const step = (Math.imul(hash, 0x9e3779b1) >>> 0) | 1
  let at = hash
  for (let probe = 0; probe < probes; probe++) {
    if (!visit(at % bits)) return false
    at = (at + step) >>> 0
  }
  return true
}

/** 32 bits of a word (FNV-1a, mixed once more at the end). */
function hashOf(word: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < word.length; index++) {
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}
