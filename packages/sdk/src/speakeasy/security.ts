import { checkedSecret } from '../http/checked-secret.ts'
import { checkNames, type NamesOf } from '../http/known-names.ts'

/** One of the three credentials that Speakeasy knows. Eventwell takes a key in the place of each. */
export type SpeakeasySecurity =
  /** A key of one workspace; sent as `x-api-key`. */
  | {
      readonly apiKey: string
      readonly bearer?: undefined
      readonly workspaceIdentifier?: undefined
    }
  /** A token; sent as `Authorization: Bearer …`, whether or not it begins with that word. */
  | {
      readonly bearer: string
      readonly apiKey?: undefined
      readonly workspaceIdentifier?: undefined
    }
  /** Sent as `x-workspace-identifier`; what it means the vendor does not say. */
  | {
      readonly workspaceIdentifier: string
      readonly apiKey?: undefined
      readonly bearer?: undefined
    }

const credentials: NamesOf<SpeakeasySecurity> = {
  apiKey: true,
  bearer: true,
  workspaceIdentifier: true,
}

/**
 * The header of a credential. Of several, the first of these is sent, as the vendor's TypeScript SDK does
 * it.
 * @throws TypeError when there is none, or it cannot be sent in a header.
 */
export function credentialHeader(security: SpeakeasySecurity): Readonly<Record<string, string>> {
  checkNames('security', security, credentials)
  const { apiKey, bearer, workspaceIdentifier } = security
  if (apiKey !== undefined) return { 'x-api-key': checkedSecret('security.apiKey', apiKey) }
  if (bearer !== undefined) {
    const word = /^bearer /i.exec(bearer)?.[0] ?? ''
    checkedSecret('security.bearer', word === '' ? bearer : bearer.slice(word.length))
    return { authorization: word === '' ? `Bearer ${bearer}` : bearer }
  }
  if (workspaceIdentifier === undefined) {
    throw new TypeError('security needs an apiKey, a bearer or a workspaceIdentifier.')
  }
  const name = 'security.workspaceIdentifier'
  return { 'x-workspace-identifier': checkedSecret(name, workspaceIdentifier) }
}
