import { checkNames } from '../http/known-names.ts'
import { AdminAudit, SecurityAudit } from './audits.ts'
import { Connection } from './connection.ts'
import { WebexEvents } from './events.ts'
import { webexOptions, type WebexOptions } from './options.ts'

const pagesMaxDefault = 10_000

/**
 * A client of Webex's Events API, and of its two audits. Requests that are refused because there were
 * too many (429) wait as long as the answer asks for, within the total time of the call: ten minutes by
 * default.
 *
 * @example
 * ```ts
 * const webex = new Webex({ accessToken: 'development', baseUrl: 'http://127.0.0.1:4567/v1' })
 * for await (const event of webex.events.iterate({ resource: 'messages', type: 'created' })) {
 *   console.log(event.created, event.data.text)
 * }
 * ```
 */
export class Webex {
  /** What happened in the organisation. Webex wants a compliance officer's token for it. */
  readonly events: WebexEvents
  /** What administrators did. */
  readonly adminAudit: AdminAudit
  /** Who signed in and out. */
  readonly securityAudit: SecurityAudit

  /**
   * @throws TypeError for an option that there is not, and for an address or a token that cannot be one;
   * RangeError for a bound that cannot be one.
   */
  constructor(options: WebexOptions) {
    checkNames('The argument of new Webex({ accessToken })', options, webexOptions)
    const { pagesMax = pagesMaxDefault, ...rest } = options
    if (!(typeof pagesMax === 'number' && pagesMax >= 1)) {
      throw new RangeError('pagesMax must be a number from 1 on, or Infinity.')
    }
    const connection = new Connection(rest)
    this.events = new WebexEvents(connection, pagesMax)
    this.adminAudit = new AdminAudit(connection, pagesMax)
    this.securityAudit = new SecurityAudit(connection, pagesMax)
  }
}
