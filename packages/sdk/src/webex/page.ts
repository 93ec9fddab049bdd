import type { CallOptions } from '../http/options.ts'

/** What comes after a page; made by the reader that read it. */
export interface NextPage<T> {
  /** @throws AnswerError when the link must not, or cannot, be followed. */
  readonly url: () => string
  readonly read: (call: CallOptions | undefined) => Promise<WebexPage<T>>
}

/**
 * One page of a list, and the way to the next.
 *
 * @example
 * ```ts
 * for (let page = await webex.events.list(); page !== undefined; page = await page.next()) {
 *   console.log(page.items.length)
 * }
 * ```
 */
export class WebexPage<T> {
  /** What the page has, in the server's order: events oldest first, audits newest first. */
  readonly items: readonly T[]
  readonly #next: NextPage<T> | undefined

  /** @internal */
  constructor(items: readonly T[], next: NextPage<T> | undefined) {
    this.items = items
    this.#next = next
  }

  /** Whether the server says that there is more. Only this says so: a page in the middle may be empty. */
  get hasNext(): boolean {
    return this.#next !== undefined
  }

  /**
   * The address of the next page, to be kept for a later run (`listAt`): it has the filters and no secret.
   * `undefined` on the last page.
   * @throws AnswerError when the link cannot be understood or leads to another origin than the base address.
   */
  get nextUrl(): string | undefined {
    return this.#next?.url()
  }

  /**
   * The next page; `undefined` after the last.
   * @throws AnswerError when the link cannot be understood, leads to another origin than the base
   * address (the token is not sent there) or back to a page before this one, or when there were
   * `pagesMax` pages.
   */
  async next(call?: CallOptions): Promise<WebexPage<T> | undefined> {
    return this.#next?.read(call)
  }
}
