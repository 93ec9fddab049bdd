import type { Access, Keys } from '../core/access.ts'

/** The key of a server that only its own machine can reach. */
export const developmentKey = 'development'

const developmentAccess: Access = {
  workspace: 'default',
  scopes: ['read', 'write'],
  isDevelopment: true,
}

/** The given keys, and the development key beside them. */
export function withDevelopmentKey(keys: Keys): Keys {
  return {
    authenticate: (key) => (key === developmentKey ? developmentAccess : keys.authenticate(key)),
  }
}

/** Whether only the machine itself can reach a server that listens there. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
