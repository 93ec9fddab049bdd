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

/**
 * The header of a credential. Of several, the first of these is sent, as the vendor's TypeScript SDK does
 * it.
 * @throws TypeError when there is none, or it cannot be sent in a header.
 */
export function credentialHeader(security: SpeakeasySecurity): Readonly<Record<string, string>> {
  const { apiKey, bearer, workspaceIdentifier } = security ?? {}
  if (apiKey !== undefined) return { 'x-api-key': checked('apiKey', apiKey) }
  if (bearer !== undefined) {
    const token = checked('bearer', bearer)
    return { authorization: /^bearer /i.test(token) ? token : `Bearer ${token}` }
  }
  return {
    'x-workspace-identifier': checked('workspaceIdentifier', workspaceIdentifier),
  }
}

/** Told here: at the first request, the runtime's own complaint would show the secret. */
function checked(name: string, secret: unknown): string {
  if (typeof secret === 'string' && /^(?=.*\S)[\x20-\x7e]+$/.test(secret)) return secret
  if (secret === undefined) {
    throw new TypeError('security needs an apiKey, a bearer or a workspaceIdentifier.')
  }
  throw new TypeError(`security.${name} must be a text of printable ASCII, and not blank.`)
}
