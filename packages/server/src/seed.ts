import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Access, Keys } from './core/access.ts'
import { readJsonFile } from './json-file.ts'

const eventsAtOnce = 1000

const access: Access = { workspace: 'default', scopes: ['read', 'write'], isDevelopment: true }

/** A key that only the seed knows, and the given keys beside it. */
export function withSeedKey(keys: Keys): { readonly keys: Keys; readonly seedKey: string } {
  const seedKey = randomBytes(32).toString('hex')
  const authenticate = (key: string) => (key === seedKey ? access : keys.authenticate(key))
  return { keys: { authenticate }, seedKey }
}

/**
 * Puts the events of a file in, into the workspace `default`. The file holds a JSON object: each name is a
 * route by which events come in, each value an array of events as that route takes them. So a seed is
 * checked as every other event is, and putting the same one in again changes nothing.
 * @returns how many events the file has.
 * @throws Error with the route's own words when it refuses some.
 */
export async function putSeedIn(
  app: FastifyInstance,
  file: string,
  seedKey: string,
): Promise<number> {
  let count = 0
  for (const [route, events] of Object.entries(readJsonFile(file))) {
    if (!Array.isArray(events)) {
      throw new Error(`In ${file}, "${route}" must be an array of events.`)
    }
    for (let start = 0; start < events.length; start += eventsAtOnce) {
      const part: readonly unknown[] = events.slice(start, start + eventsAtOnce)
      const refusal = await send(app, route, part, seedKey)
      if (refusal === undefined) continue
      const which = `events ${start} to ${start + part.length - 1}`
      throw new Error(`The seed in ${file} was refused at "${route}", ${which}: ${refusal}`)
    }
    count += events.length
  }
  return count
}

/** Sends events to a route; what it answers when it does not take them. */
async function send(
  app: FastifyInstance,
  route: string,
  events: readonly unknown[],
  key: string,
): Promise<string | undefined> {
  const headers = {
    authorization: `Bearer ${key}`,
    'x-api-key': key,
    'logspace.space-token': key,
    host: 'localhost',
  }
  const payload = JSON.stringify(events)
  const answer = await app.inject({ method: 'POST', url: route, headers, payload })
  return answer.statusCode < 300 ? undefined : `${answer.statusCode} ${answer.body}`
}
