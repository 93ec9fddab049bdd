// A string with what follows it, or a number or word of JSON outside strings.
const pieces = /"((?:[^"\\]|\\.)*)"(\s*:)?|[-+.\w]+/g
const escapes = /\\(?:u([0-9a-fA-F]{4})|(.))/g
const isAscii = /^[\0-\x7f]*$/
const words = /[\p{L}\p{M}\p{N}]+/gu

/**
 * The words of a text: its runs of letters (with their marks) and digits, in lower case, however they are
 * composed (Unicode's NFKC). They are kept on disk: another rule would need all of them made anew.
 */
export function wordsOf(text: string): string[] {
  return fold(text).match(words) ?? []
}

/** Calls `visit` with the words of every value in a payload, given as JSON text; names of members do not count. */
export function eachWord(json: string, visit: (word: string) => void): void {
  for (const [piece, content, isName] of json.matchAll(pieces)) {
    if (isName !== undefined) continue
    const text = content ?? piece
    for (const word of wordsOf(text.includes('\\') ? unescape(text) : text)) visit(word)
  }
}

/** Whether a payload, given as JSON text, has all of these words. */
export function hasWords(json: string, wanted: readonly string[]): boolean {
  // Looking for the letters first is many times as fast, and nearly always enough to say no.
  if (!json.includes('\\')) {
    const lower = fold(json)
    if (!wanted.every((word) => lower.includes(word))) return false
  }
  const missing = new Set(wanted)
  eachWord(json, (word) => missing.delete(word))
  return missing.size === 0
}

function fold(text: string): string {
  if (isAscii.test(text)) return text.toLowerCase()
  // A sigma at the end of a word is spelled otherwise, and where words end is not told alike everywhere.
  return text.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ')
}

/** The text that a JSON string's escapes stand for; what is no letter may become a blank. */
function unescape(text: string): string {
  return text.replace(escapes, (_, code: string | undefined, letter: string) => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
    return 'bfnrt'.includes(letter) ? ' ' : letter
  })
}
