/** The request of a curl line that uses -H, -d and -X only. */
export function readCurl(line: string): RequestInit & { url: string } {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  )
  const after = (flag: string) => words.filter((_, index) => words[index - 1] === flag)
  const body = after('-d')[0]
  return {
    url: words[1]!,
    method: after('-X')[0] ?? (body === undefined ? 'GET' : 'POST'),
    headers: Object.fromEntries(after('-H').map((header) => header.split(/: ?(.*)/s))),
    ...(body !== undefined && { body }),
  }
}
