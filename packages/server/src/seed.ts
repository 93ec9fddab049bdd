import { randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Access, Keys } from './core/access.ts'
import { readJsonFile } from './json-file.ts'

// What every route takes in one request, whatever its bounds are.
const eventsAtOnce = 1000
const charsAtOnce = 4 * 1024 * 1024

const access: Access = { workspace: 'default', scopes: ['read', 'write'], isDevelopment: true }

/** A key that only the seed knows, and the given keys beside it. */
export function withSeedKey(keys: Keys): { readonly keys: Keys; readonly seedKey: string } {
  const seedKey = randomBytes(32).toString('hex')
  const authenticate: Keys['authenticate'] = (key, counting) =>
    key === seedKey ? access : keys.authenticate(key, counting)
  return { keys: { authenticate }, seedKey }
}

/**
 * Puts the events of a file in, into the workspace `default`. The file holds a JSON object: each name is a
 * route by which events come in, each value an array of events as that route takes them. So a seed is
 * checked as every other event is, and putting the same one in again changes nothing.
 * @returns how many events the file has.
 * @throws Error with the route's own words when it refuses some; what came before them is in.
 */
export async function putSeedIn(
  app: FastifyInstance,
  file: string,
  seedKey: string,
): Promise<number> {
  let count = 0
  for (const [route, events] of Object.entries(readJsonFile(file))) {
    if (!route.startsWith('/') || !Array.isArray(events)) {
      throw new Error(
        `In ${file}, "${route}" must be a route, which begins with "/", with an array of events.`,
      )
    }
    for (const { first, texts } of partsOf(events)) {
      const refusal = await send(app, route, `[${texts.join(',')}]`, seedKey)
      if (refusal === undefined) continue
      const index = /\[(\d+)\]/.exec(refusal)?.[1]
      const which = index === undefined ? 'one of the events from' : 'the event'
      const place = `${which} ${first + Number(index ?? 0)} (counted from 0)`
      throw new Error(`The seed in ${file} was refused at "${route}", ${place}: ${refusal}`)
    }
    count += events.length
  }
  return count
}

/** The JSON of events, in parts that a route takes, each with the place of its first event. */
function* partsOf(
  events: readonly unknown[],
): Generator<{ readonly first: number; readonly texts: readonly string[] }> {
  let texts: string[] = []
  let chars = 0
  for (const [index, event] of events.entries()) {
    const text = JSON.stringify(event)
    if (texts.length === eventsAtOnce || (texts.length > 0 && chars + text.length > charsAtOnce)) {
      yield { first: index - texts.length, texts }
      texts = []
      chars = 0
    }
    texts.push(text)
    chars += text.length
  }
  if (texts.length > 0) yield { first: events.length - texts.length, texts }
}

/** Sends events to a route; what it answers when it does not take them. */
async function send(
  app: FastifyInstance,
  route: string,
  payload: string,
  key: string,
): Promise<string | undefined> {
  const headers = {
    authorization: `Bearer ${key}`,
    'x-api-key': key,
    'logspace.space-token': key,
    host: 'localhost',
  }
  const answer = await app.inject({ method: 'POST', url: route, headers, payload })
  return answer.statusCode < 300 ? undefined : `${answer.statusCode} ${answer.body}`
}
