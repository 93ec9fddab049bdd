import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Config } from './config.ts'
import { isLoopback } from './core/access.ts'
import { EventLog } from './core/log.ts'
import { RetentionKeeper } from './core/removal/retention-keeper.ts'
import { ServerMetrics } from './core/metrics/server-metrics.ts'
import { lockDataFolder } from './data-lock.ts'
import { dialects } from './dialects.ts'
import { createApp } from './http/app.ts'
import { developmentKey, withDevelopmentKey } from './keys/development-key.ts'
import { KeyRing } from './keys/key-ring.ts'
import { withRates } from './keys/rates.ts'
import { putSeedIn, withSeedKey } from './seed.ts'
import { readSettings } from './settings.ts'
import { measured } from './stores/measured.ts'
import { openSqliteStore } from './stores/sqlite/index.ts'

/** A server that listens. */
export interface RunningServer {
  /** Its address as a URL without a trailing slash. */
  readonly url: string
  /** A key to try things with; undefined where only created keys are good. */
  readonly tryKey: string | undefined
  /** How many events the seed has. */
  readonly seeded: number
  /** Finishes what is in flight, then lets go of everything. */
  close(): Promise<void>
}

/**
 * Starts a server: takes the data folder, opens the store, listens.
 * @throws Error with what to do when the folder is taken, the address is, or there is no key for it.
 */
export async function startServer(config: Config): Promise<RunningServer> {
  const { host, port, dataFolder, settingsFile, seedFile, publicUrl, trustProxy, cors } = config
  const settings = readSettings(settingsFile, dialects)
  const lock = lockDataFolder(dataFolder)
  const keyRing = new KeyRing(dataFolder)
  const isLocal = isOnlyLocal(config)
  if (!isLocal && keyRing.list().length === 0) {
    keyRing.close()
    lock.release()
    throw lacksKey(config)
  }
  const known = isLocal ? withDevelopmentKey(keyRing) : keyRing
  const limited = withRates(known, settings)
  const { keys, seedKey } = withSeedKey(limited)
  const metrics = new ServerMetrics()
  const log = new EventLog(
    measured(
      openSqliteStore({ dataFolder }),
      metrics,
      dialects.map(({ name }) => name),
    ),
  )
  let app: FastifyInstance | undefined
  let finishing: Promise<void> | undefined
  const tellOf = (doing: string) => (workspace: string, error: unknown) =>
    app?.log.error({ err: error, workspace }, `${doing} failed; it is tried again`)
  const keeper = new RetentionKeeper({
    log,
    workspaces: settings.workspaces,
    retentionOf: (workspace) => settings.retention(workspace),
    onFailure: tellOf('retention'),
  })

  /** Erasures that the last process could not end: a request was answered by none of them. */
  async function finishErasures(): Promise<void> {
    for (const workspace of await log.workspaces()) {
      await log.erasures.finish(workspace).catch((error) => tellOf('erasing')(workspace, error))
    }
  }

  async function close(): Promise<void> {
    await app?.close()
    await keeper.stop()
    await finishing
    await log.close()
    keyRing.close()
    lock.release()
  }

  let seeded = 0
  try {
    app = createApp({ log, keys, dialects, settings, publicUrl, trustProxy, cors, metrics })
    await log.state('default')
    if (seedFile !== undefined) seeded = await putSeedIn(app, seedFile, seedKey)
    await app.listen({ host, port })
    finishing = finishErasures()
    keeper.start()
  } catch (error) {
    await close()
    throw explain(error, host, port)
  }
  const address = app.server.address() as AddressInfo
  const shownHost = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${shownHost}:${address.port}`,
    tryKey: isLocal ? developmentKey : undefined,
    seeded,
    close,
  }
}

/** Whether only this machine reaches the server: one behind a proxy is meant for others. */
function isOnlyLocal({ host, publicUrl, trustProxy }: Config): boolean {
  return isLoopback(host) && publicUrl === undefined && trustProxy === undefined
}

function lacksKey({ host, dataFolder, publicUrl }: Config): Error {
  const reach = isLoopback(host) ? (publicUrl ?? 'the proxy') : host
  const alone = isLoopback(host) ? 'leave out --public-url and --trust-proxy' : '--host 127.0.0.1'
  return new Error(
    `Others can reach ${reach}, so the development key is not valid there, and no other key exists.\n` +
      `Make one first:  npm run keys -- create --name first --data ${dataFolder}\n` +
      `or, for this machine alone, ${isLoopback(host) ? '' : 'start with '}${alone}.`,
  )
}

function explain(error: unknown, host: string, port: number): unknown {
  const { code } = error as { code?: string }
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `Port ${port} on ${host} is in use. Choose another with --port, or any free one with --port 0.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Choose another with --host.`,
    EACCES: `This user may not listen on port ${port}. Choose one above 1023 with --port.`,
    ENOTFOUND: `The host ${host} is not known. Choose an address of this machine with --host.`,
  }
  const reason = code === undefined ? undefined : reasons[code]
  return reason === undefined ? error : new Error(reason, { cause: error })
}
