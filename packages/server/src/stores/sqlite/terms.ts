import { eachFacet, type Identity, type NewEvent } from '../../core/event.ts'

// Beyond this length terms are cut: what the index finds is checked against the event anyway.
const termCharsMax = 200
// What SQLite's `ascii` tokenizer leaves alone: all but blanks, controls, quotes and capitals; and not `~`.
const plain = /^[!#-&(-@[-}\u0080-\uffff]*$/
const special = /[^!#-&(-@[-}\u0080-\uffff]/g

/**
 * The words of one event in the facet index, separated by spaces: one for each name=value, and one for
 * the identity. Each is a single token to SQLite's `ascii` tokenizer.
 */
export function termsOf(event: NewEvent): string {
  let terms = identityTerm(identityHash(event))
  eachFacet(event, (name, value) => {
    terms += ' ' + facetTerm(name, value)
  })
  return terms
}

/**
 * One name=value as a token. The tokenizer folds capitals and splits at blanks and quotes, so those are
 * spelled with `~`: `CLI_EXEC` is `~c~l~i_~e~x~e~c`, a blank is `~020.`.
 */
export function facetTerm(name: string, value: string): string {
  const term = `${name}=${value}`
  const escaped = plain.test(term) ? term : term.replace(special, escape)
  return escaped.length > termCharsMax ? escaped.slice(0, termCharsMax) : escaped
}

/** Whether a term stands for one value alone; one that was cut may stand for several. */
export function isWholeTerm(term: string): boolean {
  return term.length < termCharsMax
}

function escape(char: string): string {
  const isCapital = char >= 'A' && char <= 'Z'
  return isCapital ? `~${char.toLowerCase()}` : `~0${char.charCodeAt(0).toString(16)}.`
}

/**
 * 53 bits of an identity. Two identities may share them: whoever finds an event by its hash compares its
 * source and id. Hashes halve the index, and their terms are as random whatever the ids look like.
 */
export function identityHash({ source, id }: Identity): number {
  const text = `${source}\n${id}`
  let low = 0x811c9dc5
  let high = 0x9747b28c
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    low = Math.imul(low ^ code, 0x01000193)
    high = Math.imul(high ^ code, 0x5bd1e995)
    high ^= high >>> 15
  }
  low ^= low >>> 16
  low = Math.imul(low, 0x85ebca6b)
  high = Math.imul(high ^ (low >>> 13), 0xc2b2ae35)
  return (low >>> 0) * 2_097_152 + ((high ^ (high >>> 16)) >>> 11)
}

/** The token under which an identity is found. Two halves, because a number of 53 bits is slow to spell. */
export function identityTerm(hash: number): string {
  const high = Math.floor(hash / 67_108_864)
  return `#${high.toString(36)}.${(hash % 67_108_864).toString(36)}`
}
