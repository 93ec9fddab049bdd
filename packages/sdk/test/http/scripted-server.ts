import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'
import type { ApiRequest } from '../../src/http/transport.ts'

/** Gives one answer; it gets how many came before. */
export type Script = (reply: ServerResponse, nth: number, request: IncomingMessage) => void

/** A server on a socket that answers by a script, until the test is over. */
export interface ScriptedServer {
  readonly url: string
  /** The requests so far, as their headers. */
  readonly seen: IncomingMessage[]
}

/** Starts one on any free port. */
export async function scripted(test: TestContext, script: Script): Promise<ScriptedServer> {
  const seen: IncomingMessage[] = []
  const server = createServer((request, reply) => {
    seen.push(request)
    script(reply, seen.length - 1, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  test.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

/** A request that may be sent again. */
export function get(url: string): ApiRequest {
  return { method: 'GET', url, isRepeatable: true }
}

/** What a promise fails with. */
export async function caught(promise: Promise<unknown>): Promise<unknown> {
  let value: unknown
  try {
    value = await promise
  } catch (error) {
    return error
  }
  throw new Error(`it did not fail, but gave ${String(value)}`)
}
