import type { NamesOf } from '../http/known-names.ts'
import { clientOptions, type ClientOptions } from '../http/options.ts'

/** How to reach Webex, or an Eventwell that stands for it. */
export interface WebexOptions extends ClientOptions {
  /**
   * The access token, sent as `Authorization: Bearer`; for Eventwell, a workspace's key. A function is asked
   * before each page or event, for tokens that expire; what it throws is thrown as it is, and the time that
   * it takes is its own.
   */
  readonly accessToken: string | (() => string | Promise<string>)
  /** With the version; `https://webexapis.com/v1` by default, of a local Eventwell `http://127.0.0.1:4567/v1`. */
  readonly baseUrl?: string | URL | undefined
  /** How many pages may follow one another; 10,000 by default. One more is an `AnswerError`. */
  readonly pagesMax?: number | undefined
}

/** What there is in `WebexOptions`. */
export const webexOptions: NamesOf<WebexOptions> = {
  ...clientOptions,
  accessToken: true,
  baseUrl: true,
  pagesMax: true,
}
