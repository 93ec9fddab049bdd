// Full payloads of four event types, and how the vendor's clients show them: each generation adds fields.

const times = { created_at: '2026-03-01T10:00:00.000Z', updated_at: '2026-03-02T11:30:00.500Z' }
/** How the clients show the times of a payload. */
export const shownTimes = { createdAt: times.created_at, updatedAt: times.updated_at }

/** A WorkOS event as it is on the wire. */
export interface WorkosEvent {
  readonly object: 'event'
  readonly id: string
  readonly event: string
  readonly created_at: string
  readonly data: object
  readonly context?: object
}

/** The nth event of a test: ids increase with n, and each is a second later. */
export function workosEvent(n: number, event: string, data: object): WorkosEvent {
  const id = `event_01JQ${String(n).padStart(22, '0')}`
  const createdAt = new Date(Date.UTC(2026, 2, 1, 10, 0, n)).toISOString()
  return { object: 'event', id, event, created_at: createdAt, data }
}

/** The payload of a `user.*` event. */
export const user = {
  object: 'user',
  id: 'user_01PEAR',
  first_name: 'Ada',
  last_name: null,
  name: 'Ada Pear',
  profile_picture_url: null,
  email: 'ada@orchard.example',
  email_verified: true,
  external_id: 'pear-7',
  metadata: { shelf: 'top' },
  last_sign_in_at: null,
  locale: 'de-CH',
  ...times,
}

/** What every version shows of `user`. */
export const shownUser = {
  object: 'user',
  id: user.id,
  email: user.email,
  emailVerified: true,
  firstName: 'Ada',
  lastName: null,
  ...shownTimes,
}

/** What later versions show of `user` beyond that. */
export const shownUserFully = {
  ...shownUser,
  profilePictureUrl: null,
  lastSignInAt: null,
  locale: 'de-CH',
  externalId: 'pear-7',
  metadata: { shelf: 'top' },
}

/** The payload of a `connection.*` event. */
export const connection = {
  object: 'connection',
  id: 'conn_01PEAR',
  state: 'active',
  name: 'Orchard sign-in',
  connection_type: 'OktaSAML',
  organization_id: 'org_01PEAR',
  external_key: 'key-7',
  status: 'linked',
  domains: [{ object: 'connection_domain', id: 'org_domain_01PEAR', domain: 'orchard.example' }],
  ...times,
}

/** What every version shows of `connection`. */
export const shownConnection = {
  object: 'connection',
  id: connection.id,
  organizationId: 'org_01PEAR',
  name: connection.name,
  type: 'OktaSAML',
  state: 'active',
  domains: connection.domains,
  ...shownTimes,
}

/** The payload of an `organization.*` event. */
export const organization = {
  object: 'organization',
  id: 'org_01PEAR',
  name: 'Orchard',
  domains: [
    {
      object: 'organization_domain',
      id: 'org_domain_01PEAR',
      organization_id: 'org_01PEAR',
      domain: 'orchard.example',
      state: 'verified',
      verification_strategy: 'dns',
      verification_token: 'token-7',
      ...times,
    },
  ],
  metadata: { plan: 'ripe' },
  external_id: null,
  stripe_customer_id: 'cus_7',
  ...times,
}

/** What the versions that know organization events show of `organization`. */
export const shownOrganization = {
  object: 'organization',
  id: organization.id,
  name: 'Orchard',
  domains: [
    {
      object: 'organization_domain',
      id: 'org_domain_01PEAR',
      domain: 'orchard.example',
      organizationId: 'org_01PEAR',
      state: 'verified',
      verificationStrategy: 'dns',
      verificationToken: 'token-7',
    },
  ],
  stripeCustomerId: 'cus_7',
  externalId: null,
  metadata: { plan: 'ripe' },
  ...shownTimes,
}

/** The payload of a `session.*` event. */
export const session = {
  object: 'session',
  id: 'session_01PEAR',
  impersonator: { email: 'help@orchard.example', reason: null },
  ip_address: '192.0.2.7',
  organization_id: 'org_01PEAR',
  user_agent: null,
  user_id: user.id,
  auth_method: 'password',
  status: 'active',
  expires_at: '2026-04-01T10:00:00.000Z',
  ended_at: null,
  ...times,
}

/** What the versions that know session events show of `session`. */
export const shownSession = {
  object: 'session',
  id: session.id,
  userId: user.id,
  ipAddress: '192.0.2.7',
  userAgent: null,
  organizationId: 'org_01PEAR',
  impersonator: session.impersonator,
}

/** What later versions show of `session` beyond that. */
export const shownSessionFully = {
  ...shownSession,
  authMethod: 'password',
  status: 'active',
  expiresAt: session.expires_at,
  endedAt: null,
  ...shownTimes,
}
