import { Type } from 'typebox'
import { map, nullable, optional, text } from './payload-parts.ts'

// What stands beside an event's payload (contract 3.2, context). Python's SDK raises on a page with a flag's
// event that lacks it, or with any context that lacks a required key (workos-python 10.2.0).

const actor = Type.Object({ id: text, source: text, name: nullable(text) })

/** The context that an event may have. */
export const anyContext = Type.Object({
  actor: optional(actor),
  google_analytics_sessions: Type.Optional(Type.Array(Type.Object({ containerId: text }))),
})

/** The context of a change of a feature flag. */
export const flagContext = Type.Object({ client_id: text, actor })

/** The context of a change of whom a feature flag is for. */
export const flagRuleContext = Type.Object({
  client_id: text,
  actor,
  access_type: text,
  configured_targets: Type.Object({
    organizations: Type.Array(Type.Object({ id: text, name: text })),
    users: Type.Array(Type.Object({ id: text, email: text })),
  }),
  previous_attributes: map,
})
