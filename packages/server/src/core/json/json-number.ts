// Below this a double holds fewer digits, or none.
const smallestExact = 1e-290

/** The value of a number's spelling: a plain number, or its digits where a double cannot hold it. */
export function jsonNumber(spelling: string): unknown {
  const value = Number(spelling)
  if (String(value) === spelling) return value
  return isBeyondDouble(spelling, value) ? JSON.rawJSON(spelling) : value
}

function isBeyondDouble(spelling: string, value: number): boolean {
  const [digits = '', exponent = ''] = spelling.toLowerCase().split('e')
  const counting = digits.replace('-', '').replace('.', '').replace(/^0+/, '')
  const isTiny = counting !== '' && Math.abs(value) < smallestExact
  return counting.length > 15 || isTiny || /\d{3}/.test(exponent)
}
