import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KeyRing } from '../../src/keys/key-ring.ts'
import { startServer } from '../../src/server.ts'
import { temporaryFolder } from '../support/folder.ts'
import { sendRaw } from './raw-request.ts'
import type { Workspace } from './test-server.ts'

/** A server on which some things are refused that others allow. */
export interface LimitedServer {
  /** The default workspace, for which the given settings hold. */
  readonly settled: Workspace
  /** A workspace that allows one request a minute, which was made. */
  readonly hurried: Workspace
  close(): Promise<void>
}

/** Starts a server with these settings for its default workspace. */
export async function startLimited(settings: object): Promise<LimitedServer> {
  const folder = temporaryFolder()
  const settingsFile = join(folder.path, 'settings.json')
  const workspaces = { default: settings, hurried: { requestsPerMinute: 1 } }
  writeFileSync(settingsFile, JSON.stringify({ workspaces }))
  const place = { host: '127.0.0.1', port: 0, dataFolder: folder.path }
  const { url, close } = await startServer({ ...place, settingsFile })
  const keys = new KeyRing(folder.path)
  const key = keys.create('hurried', 'hurried', ['read'])
  await sendRaw(`${url}/events`, { authorization: `Bearer ${key}` })
  return {
    settled: { url, name: 'default', key: 'development' },
    hurried: { url, name: 'hurried', key },
    close: async () => {
      await close()
      keys.close()
      folder.remove()
    },
  }
}
