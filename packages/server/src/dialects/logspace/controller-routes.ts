import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Services } from '../contract.ts'
import { bodyJson, bodyText } from '../shared/body.ts'
import { checkControllerId, type Controllers } from './controllers.ts'
import { guarded, json } from './guard.ts'
import { isUnchanged, Orders, type Order } from './orders.ts'

/** What agent controllers need to run: they announce what their agents can do, and poll for orders. */
export function controllerRoutes({ log, keys }: Services, controllers: Controllers) {
  const orders = new Orders(log)
  const giving = guarded(keys, ['read', 'write'], 'DATA_STORAGE_FAILED')

  return {
    'announce capabilities': {
      ...guarded(keys, 'write', 'DATA_STORAGE_FAILED'),
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        await controllers.put(request.access.workspace, idOf(request), bodyText(request))
        return reply.code(200).send()
      },
    },
    'read capabilities': {
      ...guarded(keys, 'read', 'DATA_RETRIEVAL_FAILED'),
      handler: async (request: FastifyRequest, reply: FastifyReply) =>
        reply.type(json).send(await controllers.of(request.access.workspace, idOf(request))),
    },
    'poll an order': {
      // An agent's key writes, and its owner's may only read.
      ...guarded(keys, [], 'DATA_RETRIEVAL_FAILED'),
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const order = await orders.of(request.access.workspace, idOf(request))
        return isUnchanged(order, request.headers['if-modified-since'])
          ? withTime(reply, order).code(304).send()
          : withTime(reply, order).type(json).send(order.text)
      },
    },
    'give an order': {
      ...giving,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        const { workspace } = request.access
        const order = await orders.put(workspace, idOf(request), bodyJson(request), Date.now())
        return withTime(reply, order).type(json).send(order.text)
      },
    },
    'take an order back': {
      ...giving,
      handler: async (request: FastifyRequest, reply: FastifyReply) => {
        await orders.delete(request.access.workspace, idOf(request))
        return reply.code(204).send()
      },
    },
  }
}

function idOf({ params }: FastifyRequest): string {
  return checkControllerId((params as { readonly controllerId: string }).controllerId)
}

function withTime(reply: FastifyReply, { lastModifiedMs }: Order): FastifyReply {
  return reply.header('last-modified', new Date(lastModifiedMs).toUTCString())
}
