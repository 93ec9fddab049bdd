import type { Scope } from '../../../server/src/core/access.ts'
import type { TestServer } from '../../../server/test/clients/test-server.ts'

/** What the client needs to know of a new workspace. */
export function newAccess(server: TestServer, scopes?: readonly Scope[]) {
  const { url, key } = server.newWorkspace(scopes)
  return { url, key }
}
