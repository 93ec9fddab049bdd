import type { FastifyInstance } from 'fastify'

const lookMs = 50
// Supervisors wait ten seconds as a rule before they kill.
const graceMs = 8_000

/**
 * Lets the app close as soon as the requests in flight are answered: connections that clients keep open
 * are closed once they are idle. A request that takes longer than eight seconds is cut off; its client has
 * no answer, and knows nothing was promised.
 */
export function addShutdown(app: FastifyInstance): void {
  let idle: NodeJS.Timeout | undefined
  let cutOff: NodeJS.Timeout | undefined
  app.addHook('preClose', async () => {
    idle = setInterval(() => app.server.closeIdleConnections(), lookMs)
    cutOff = setTimeout(() => app.server.closeAllConnections(), graceMs)
  })
  app.addHook('onClose', async () => {
    clearInterval(idle)
    clearTimeout(cutOff)
  })
}
