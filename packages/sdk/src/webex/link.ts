/** One link of a `Link` header (RFC 8288). */
export interface Link {
  /** What stands between the angle brackets, as it is: perhaps relative. */
  readonly target: string
  /** By names in lower case; of a name that stands twice, the first. */
  readonly parameters: ReadonlyMap<string, string>
}

// What may stand where, by RFC 8288 section 3 and its appendix B, which also passes over empty pieces.
const gap = /[\t ,]*/y
const targetPart = /<([^<>]*)>/y
const parameterPart =
  /[\t ]*;[\t ]*(?:([\w!#$%&'*+\-.^`|~]+)[\t ]*(?:=[\t ]*(?:"((?:[^"\\]|\\[^])*)"|([^\s",;]*)))?)?/y
const separator = /[\t ]*(?:,[\t ,]*|$)/y

/**
 * The links of a header; commas and semicolons within `<>` and within quotes are no separators.
 * @throws SyntaxError when it is no list of links.
 */
export function parseLinks(header: string): Link[] {
  let at = 0
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const found = pattern.exec(header)
    if (found !== null) at = pattern.lastIndex
    return found
  }
  const links: Link[] = []
  take(gap)
  while (at < header.length) {
    const target = take(targetPart)?.[1]
    if (target === undefined) throw notLinks(at)
    const parameters = new Map<string, string>()
    for (let found = take(parameterPart); found !== null; found = take(parameterPart)) {
      const [, name, quoted, plain = ''] = found
      const value = quoted?.replaceAll(/\\([^])/g, '$1') ?? plain
      const key = name?.toLowerCase()
      if (key !== undefined && !parameters.has(key)) parameters.set(key, value)
    }
    if (take(separator) === null) throw notLinks(at)
    links.push({ target, parameters })
  }
  return links
}

/**
 * Where the next page is: the target of the first link whose relation is, or is among others, `next`. A link
 * with an `anchor` tells of another document than this page.
 * @throws SyntaxError when the header is no list of links.
 */
export function nextTarget(header: string): string | undefined {
  const isNext = ({ parameters }: Link) =>
    !parameters.has('anchor') &&
    (parameters.get('rel') ?? '')
      .toLowerCase()
      .split(/[\t ]+/)
      .includes('next')
  return parseLinks(header).find(isNext)?.target
}

function notLinks(at: number): SyntaxError {
  return new SyntaxError(`it is no list of links from its character ${at + 1} on`)
}
