// Payloads of contract 3.2 about users: who they are, how they sign in, what was mailed to them.
// WorkOS OpenAPI v0.61.0, 2026-08-07; required keys checked against workos-python 10.2.0.

import { Type } from 'typebox'
import { map, named, nullable, optional, text, time } from './payload-parts.ts'

const lifetime = { created_at: time, updated_at: time }
const role = Type.Object({ slug: text })

/** A user (contract 3.2, USER). */
export const user = named('user', {
  id: text,
  first_name: nullable(text),
  last_name: nullable(text),
  name: optional(text),
  profile_picture_url: nullable(text),
  email: text,
  email_verified: Type.Boolean(),
  external_id: nullable(text),
  metadata: Type.Optional(map),
  last_sign_in_at: nullable(time),
  locale: optional(text),
  ...lifetime,
})

/** A user's membership of an organization (contract 3.2, OM). */
export const organizationMembership = named('organization_membership', {
  id: text,
  user_id: text,
  organization_id: text,
  status: text,
  role,
  roles: Type.Optional(Type.Array(role)),
  custom_attributes: map,
  directory_managed: Type.Boolean(),
  ...lifetime,
})

/** A user's session (contract 3.2, SESSION). */
export const session = named('session', {
  id: text,
  impersonator: Type.Optional(Type.Object({ email: text, reason: nullable(text) })),
  ip_address: nullable(text),
  organization_id: optional(text),
  user_agent: nullable(text),
  user_id: text,
  auth_method: text,
  status: text,
  expires_at: time,
  ended_at: nullable(time),
  ...lifetime,
})

const client = { ip_address: nullable(text), user_agent: nullable(text) }
const attempt = { type: text, status: text, ...client }
const error = Type.Object({ code: text, message: text })

/** A user signed in (contract 3.2, AUTH-OK). */
export const authentication = Type.Object({ ...attempt, user_id: text, email: text })

/** A user signed in by OAuth and need not be known yet (contract 3.2, AUTH-OK). */
export const oauthAuthentication = Type.Object({
  ...attempt,
  user_id: nullable(text),
  email: text,
})

const failureParts = { ...attempt, user_id: nullable(text), email: nullable(text), error }

/** Somebody could not sign in (contract 3.2, AUTH-FAIL). */
export const failedAuthentication = Type.Object(failureParts)

const sso = Type.Object({
  organization_id: nullable(text),
  connection_id: nullable(text),
  session_id: nullable(text),
})

/** Somebody begins to sign in by single sign-on (contract 3.2, AUTH-SSO). */
export const startedSso = Type.Object({
  ...attempt,
  user_id: nullable(text),
  email: nullable(text),
  sso,
})

/** A user signed in by single sign-on: the address is known (contract 3.2, AUTH-SSO). */
export const succeededSso = Type.Object({ ...attempt, user_id: nullable(text), email: text, sso })

/** Single sign-on failed or took too long (contract 3.2, AUTH-SSO). */
export const failedSso = Type.Object({ ...failureParts, sso })

/** Radar found a sign-in or sign-up risky (contract 3.2, RADAR-RISK). */
export const radarRisk = Type.Object({
  auth_method: text,
  action: text,
  control: nullable(text),
  blocklist_type: nullable(text),
  ...client,
  user_id: text,
  email: text,
})

/** Radar asks for one proof more (contract 3.2, RADAR-CH). */
export const radarChallenge = Type.Object({
  type: text,
  radar_challenge_id: text,
  user_id: text,
  email: text,
})

const mailedParts = { id: text, user_id: text, email: text, expires_at: time, created_at: time }

/** A code was mailed to verify an address; the code is left out (contract 3.2, EMAIL-VER). */
export const emailVerification = named('email_verification', { ...mailedParts, updated_at: time })

/** A code was mailed to sign in with; the code is left out (contract 3.2, MAGIC). */
export const magicAuth = named('magic_auth', { ...mailedParts, updated_at: time })

/** A password reset; it has no `updated_at` and the token is left out (contract 3.2, PW-RESET). */
export const passwordReset = named('password_reset', mailedParts)

/** An invitation; the token is left out (contract 3.2, INVITE). */
export const invitation = named('invitation', {
  id: text,
  email: text,
  state: text,
  accepted_at: nullable(time),
  revoked_at: nullable(time),
  expires_at: time,
  organization_id: nullable(text),
  inviter_user_id: nullable(text),
  accepted_user_id: nullable(text),
  role_slug: nullable(text),
  ...lifetime,
})

/** Somebody on the waiting list (contract 3.2, WAITLIST). */
export const waitlistUser = named('waitlist_user', {
  id: text,
  email: text,
  state: text,
  approved_at: nullable(time),
  waitlist_id: optional(text),
  ...lifetime,
})

const denialParts = {
  action_endpoint_id: text,
  action_execution_id: text,
  type: text,
  verdict: text,
  organization_id: nullable(text),
  email: text,
  ...client,
}

/** An action did not let somebody register (contract 3.2, ACTION). */
export const deniedRegistration = Type.Object(denialParts)

/** An action did not let a user sign in (contract 3.2, ACTION). */
export const deniedAuthentication = Type.Object({ ...denialParts, user_id: text })
