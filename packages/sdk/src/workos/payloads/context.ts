import type { Attributes, OneOf } from './parts.ts'

/** Who did it. */
export interface EventActor {
  id: string
  source: OneOf<'api' | 'dashboard' | 'admin_portal' | 'system'>
  name: string | null
}

/** A session of Google Analytics; its keys are spelled otherwise than all others. */
export interface GoogleAnalyticsSession {
  containerId: string
  sessionId?: string
  sessionNumber?: string
}

/** What stands beside a payload: who did it, and in which session. */
export interface EventContext {
  google_analytics_client_id?: string
  google_analytics_sessions?: GoogleAnalyticsSession[]
  ajs_anonymous_id?: string
  client_id?: string
  actor?: EventActor | null
  previous_attributes?: Attributes
}

/** The context of a feature flag's events. */
export interface FlagContext extends EventContext {
  client_id: string
  actor: EventActor
}

/** The context of a change of whom a feature flag is for. */
export interface FlagRuleContext extends FlagContext {
  access_type: OneOf<'none' | 'some' | 'all'>
  configured_targets: {
    organizations: { id: string; name: string }[]
    users: { id: string; email: string }[]
  }
  /** By `data` and `context`: what was otherwise before. */
  previous_attributes: Attributes
}
