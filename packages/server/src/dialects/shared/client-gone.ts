import type { FastifyReply } from 'fastify'

/** A signal that aborts when the client goes away before its answer is whole: nobody waits for it then. */
export function clientGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}
