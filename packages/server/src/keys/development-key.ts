import { scopes, type Access, type Keys } from '../core/access.ts'

/** The key of a server that only its own machine can reach. */
export const developmentKey = 'development'

const developmentAccess: Access = {
  workspace: 'default',
  scopes,
  isDevelopment: true,
}

/** The given keys, and the development key beside them. */
export function withDevelopmentKey(keys: Keys): Keys {
  return {
    authenticate: (key, counting) =>
      key === developmentKey ? developmentAccess : keys.authenticate(key, counting),
  }
}
