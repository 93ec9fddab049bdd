import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EventLog } from '../../core/log.ts'
import type { Services } from '../contract.ts'
import { bodyJson } from '../shared/body.ts'
import { eventList } from '../shared/event-list.ts'
import { keepDelivered } from '../shared/webhook.ts'
import { webexSource } from './ids.ts'
import {
  checkDelivery,
  decodeDelivery,
  soonMs,
  workspaceOfDelivery,
  type Delivery,
} from './webhook.ts'

/** Webex's own deliveries, into the log. */
export function webhookRoutes({ log, settings }: Services) {
  return {
    'take a webhook': {
      config: { isDelivery: true },
      onRequest: async (request: FastifyRequest) => checkDelivery(settings, request),
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const workspace = workspaceOfDelivery(settings, request)
        const nowMs = Date.now()
        const [body] = eventList([bodyJson(request)], 'many')
        const delivery = decodeDelivery(body!, nowMs)
        if (!(await cameBefore(log, workspace, delivery, nowMs))) {
          // Overlapping hooks describe themselves differently: the event is the same.
          await keepDelivered(log, workspace, delivery.event)
        }
        return reply.code(204).send()
      },
    },
  }
}

async function cameBefore(
  log: EventLog,
  workspace: string,
  { earlierId }: Delivery,
  nowMs: number,
): Promise<boolean> {
  if (earlierId === undefined) return false
  const earlier = await log.find(workspace, { source: webexSource, id: earlierId })
  return earlier !== undefined && nowMs - earlier.receivedAtMs < soonMs
}
