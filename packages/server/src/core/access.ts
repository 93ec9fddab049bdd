/** What a key allows. */
export type Scope = 'read' | 'write'

/** What a credential that was accepted allows, and where. */
export interface Access {
  readonly workspace: string
  readonly scopes: readonly Scope[]
  /** True for the key of a fresh server on loopback, to which any vendor's workspace name is fine. */
  readonly isDevelopment: boolean
}

/** Knows which keys are good at this moment. */
export interface Keys {
  /**
   * The access a key gives, or undefined when it is unknown or revoked. Asked once for each request.
   * @throws EventwellError `rate_limited` when the key has made too many.
   */
  authenticate(key: string): Access | undefined
}

const workspaceName = /^[A-Za-z0-9_-]{1,64}$/

/** Whether a text can name a workspace: it becomes part of paths and URLs. */
export function isWorkspaceName(text: string): boolean {
  return workspaceName.test(text)
}

/** Whether an address or host name is the machine's own, which no other can reach. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|\[?::1\]?|127(?:\.\d{1,3}){3})$/i.test(host)
}
