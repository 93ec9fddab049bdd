import type { Allowances } from './allowance.ts'

/** What a key can allow: reading events, putting them in, erasing them, reading the server's metrics. */
export const scopes = ['read', 'write', 'erase', 'metrics'] as const

/** What a key allows. */
export type Scope = (typeof scopes)[number]

/** What a credential that was accepted allows, and where. */
export interface Access {
  readonly workspace: string
  readonly scopes: readonly Scope[]
  /** True for the key of a fresh server on loopback, to which any vendor's workspace name is fine. */
  readonly isDevelopment: boolean
  /** What the key may still do; absent where nothing limits it. */
  readonly allowances?: Allowances | undefined
}

/** Knows which keys are good at this moment. */
export interface Keys {
  /**
   * The access a key gives, or undefined when it is unknown or revoked. Asked once for each request; whoever
   * only looks whether a key is still good says so, and nothing is counted.
   * @throws RateLimited when the key has made too many.
   */
  authenticate(key: string, counting?: 'counted' | 'not counted'): Access | undefined
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
