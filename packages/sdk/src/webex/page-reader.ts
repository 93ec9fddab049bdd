import { withQuery, type QueryValue } from '../http/address.ts'
import { AnswerError } from '../http/errors/answer-error.ts'
import { membersOf } from '../http/members-of.ts'
import type { CallOptions } from '../http/options.ts'
import type { Answer, Connection } from './connection.ts'
import { nextTarget } from './link.ts'
import { WebexPage, type NextPage } from './page.ts'

/** The parameters of a list, as they are sent. */
export type Parameters = Readonly<Record<string, QueryValue>>

/** The addresses of one chain of pages, and at which place each stands: a chain may be walked again. */
type Trail = Map<string, number>

/** Reads the pages of one list, and follows their links. */
export class PageReader<T> {
  readonly #connection: Connection
  readonly #path: string
  readonly #pagesMax: number
  readonly #itemOf: (item: object) => T

  constructor(connection: Connection, path: string, pagesMax: number, itemOf: (item: object) => T) {
    this.#connection = connection
    this.#path = path
    this.#pagesMax = pagesMax
    this.#itemOf = itemOf
  }

  /** The first page of a list. */
  first(parameters: Parameters, call?: CallOptions): Promise<WebexPage<T>> {
    const url = withQuery(this.#connection.address + this.#path, parameters)
    return this.#page(url, 1, new Map([[url, 1]]), parameters, call)
  }

  /**
   * The page at an address that was kept.
   * @throws TypeError when it is not of the base address's origin.
   */
  async at(nextUrl: string, call?: CallOptions): Promise<WebexPage<T>> {
    const url = URL.canParse(nextUrl) ? new URL(nextUrl) : undefined
    if (url === undefined || !this.#isAtHome(url)) {
      const { origin } = new URL(this.#connection.address)
      throw new TypeError(`The address of a page must begin with ${origin}: the token goes there.`)
    }
    return this.#page(url.href, 1, new Map([[url.href, 1]]), {}, call)
  }

  /** All items from a page on. */
  async *items(first: () => Promise<WebexPage<T>>, call?: CallOptions): AsyncGenerator<T, void> {
    let page: WebexPage<T> | undefined = await first()
    while (page !== undefined) {
      yield* page.items
      page = await page.next(call)
    }
  }

  async #page(
    url: string,
    place: number,
    trail: Trail,
    parameters: Parameters,
    call: CallOptions | undefined,
  ): Promise<WebexPage<T>> {
    const answer = await this.#connection.get(url, call)
    const items = itemsOf(answer).map(this.#itemOf)
    return new WebexPage(items, this.#nextOf(answer, place, trail, parameters))
  }

  #nextOf(
    answer: Answer,
    place: number,
    trail: Trail,
    parameters: Parameters,
  ): NextPage<T> | undefined {
    const link = linkOf(answer)
    if (link === undefined) return undefined
    const url = () => this.#checked(link, answer, parameters)
    return {
      url,
      read: async (call) => {
        const next = url()
        if ((trail.get(next) ?? Infinity) <= place) {
          throw broken(answer, `leads back to a page that was read before it: ${next}`)
        }
        if (place >= this.#pagesMax) {
          throw broken(answer, `leads on after ${place} pages, which is all that pagesMax allows`)
        }
        trail.set(next, place + 1)
        return this.#page(next, place + 1, trail, parameters, call)
      },
    }
  }

  /**
   * The address that a link leads to, with every parameter that it has. The live service has sent links that
   * lacked the filters of the first request, and pages of everything behind them; so a filter that is
   * missing is put back, as Webex's Python SDK does (contract 4.2, 7).
   */
  #checked(link: string | Error, answer: Answer, parameters: Parameters): string {
    const { url: pageUrl } = answer.request
    if (typeof link !== 'string') throw broken(answer, `cannot be understood: ${link.message}`)
    if (!URL.canParse(link, pageUrl)) {
      throw broken(answer, `leads to what is no address: ${JSON.stringify(link.slice(0, 200))}`)
    }
    const url = new URL(link, pageUrl)
    if (!this.#isAtHome(url)) {
      const home = new URL(this.#connection.address).origin
      const away = `${url.protocol}//${url.host}`
      throw broken(answer, `leads to ${away}, where the token for ${home} is not sent`)
    }
    for (const [name, value] of Object.entries(parameters)) {
      // What is passed over was passed over by the first page.
      if (value === undefined || name === 'offset' || url.searchParams.has(name)) continue
      url.searchParams.append(name, String(value))
    }
    url.hash = ''
    return url.href
  }

  /** A name and a password in an address would be sent, too, or be refused by `fetch`. */
  #isAtHome(url: URL): boolean {
    const home = new URL(this.#connection.address)
    // Not by `origin`: an address of `blob:` has the one of the address within it.
    const isThere = url.protocol === home.protocol && url.host === home.host
    return isThere && url.username === '' && url.password === ''
  }
}

/** The target of the next page; `undefined` where there is none, and an error where that cannot be said. */
function linkOf({ link }: Answer): string | Error | undefined {
  if (link === null) return undefined
  try {
    return nextTarget(link)
  } catch (error) {
    return error as SyntaxError
  }
}

function itemsOf({ request, body }: Answer): object[] {
  const what = `${request.method} ${request.url} was answered with`
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new AnswerError(`${what} what is no page of a list`, request)
  }
  const members = Object.keys(body)
  if (members.length > 0 && !members.includes('items')) {
    // Without /v1, Eventwell's /events are those of WorkOS; taken for an empty page, they would be lost.
    const hint = 'does the base address end with /v1?'
    throw new AnswerError(`${what} a list of something else than Webex's: ${hint}`, request)
  }
  // The Go SDK takes a page without items for an empty one (contract 4.1).
  const items = membersOf(body)['items'] ?? []
  if (!Array.isArray(items)) throw new AnswerError(`${what} items that are no array`, request)
  for (const item of items as readonly unknown[]) {
    if (typeof item !== 'object' || item === null) {
      throw new AnswerError(`${what} an item that is no object`, request)
    }
  }
  return items as object[]
}

function broken({ request }: Answer, how: string): AnswerError {
  return new AnswerError(`The Link header of ${request.method} ${request.url} ${how}`, request)
}
