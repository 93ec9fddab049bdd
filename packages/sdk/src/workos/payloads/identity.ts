// Payloads about users: who they are, how they sign in, what was mailed to them. Names and fields as in
// WorkOS's OpenAPI document, v0.61.0 of 2026-08-07. A `?` is a key that may be missing.

import type { Attributes, ClientOrigin, Lifetime, OneOf, RoleSlug } from './parts.ts'

/** A user. */
export interface User extends Lifetime {
  object: 'user'
  id: string
  first_name: string | null
  last_name: string | null
  name?: string | null
  profile_picture_url: string | null
  email: string
  email_verified: boolean
  external_id: string | null
  metadata?: Attributes
  last_sign_in_at: string | null
  locale?: string | null
}

/** A user's membership of an organization. */
export interface OrganizationMembership extends Lifetime {
  object: 'organization_membership'
  id: string
  user_id: string
  organization_id: string
  status: OneOf<'active' | 'inactive' | 'pending'>
  role: RoleSlug
  roles?: RoleSlug[]
  custom_attributes: Attributes
  directory_managed: boolean
}

/** How a session began. */
export type SessionAuthMethod = OneOf<
  | 'cross_app_auth'
  | 'external_auth'
  | 'impersonation'
  | 'magic_code'
  | 'migrated_session'
  | 'oauth'
  | 'passkey'
  | 'password'
  | 'sso'
  | 'unknown'
>

/** A user's session. */
export interface Session extends Lifetime, ClientOrigin {
  object: 'session'
  id: string
  /** Who acts in the user's name. */
  impersonator?: { email: string; reason: string | null }
  organization_id?: string | null
  user_id: string
  auth_method: SessionAuthMethod
  status: OneOf<'active' | 'expired' | 'revoked'>
  expires_at: string
  ended_at: string | null
}

/** A way to sign in, which is also the middle word of the event's name. */
export type AuthenticationType = OneOf<
  | 'email_verification'
  | 'magic_auth'
  | 'mfa'
  | 'oauth'
  | 'passkey'
  | 'password'
  | 'reauthentication'
  | 'sso'
>

/** What all attempts to sign in have in common. */
export interface AuthenticationAttempt extends ClientOrigin {
  type: AuthenticationType
  status: OneOf<'succeeded' | 'failed' | 'started' | 'timed_out'>
}

/** A user signed in. */
export interface Authentication extends AuthenticationAttempt {
  user_id: string
  email: string
}

/** A user signed in by OAuth and need not be known yet. */
export interface OauthAuthentication extends AuthenticationAttempt {
  user_id: string | null
  email: string
}

/** Somebody could not sign in. */
export interface FailedAuthentication extends AuthenticationAttempt {
  user_id: string | null
  email: string | null
  error: { code: string; message: string }
}

/** By which connection somebody signs in. */
export interface SsoDetails {
  organization_id: string | null
  connection_id: string | null
  session_id: string | null
}

/** Somebody begins to sign in by single sign-on. */
export interface StartedSso extends AuthenticationAttempt {
  user_id: string | null
  email: string | null
  sso: SsoDetails
}

/** A user signed in by single sign-on: the address is known. */
export interface SucceededSso extends AuthenticationAttempt {
  user_id: string | null
  email: string
  sso: SsoDetails
}

/** Single sign-on failed or took too long. */
export interface FailedSso extends FailedAuthentication {
  sso: SsoDetails
}

/** Radar found a sign-in or sign-up risky. */
export interface RadarRisk extends ClientOrigin {
  auth_method: string
  action: OneOf<'signup' | 'login'>
  control: string | null
  blocklist_type: string | null
  user_id: string
  email: string
}

/** Radar asks for one proof more. */
export interface RadarChallenge {
  type: OneOf<'email'>
  radar_challenge_id: string
  user_id: string
  email: string
}

/** A code was mailed to verify an address; the code is left out. */
export interface EmailVerification extends Lifetime {
  object: 'email_verification'
  id: string
  user_id: string
  email: string
  expires_at: string
}

/** A code was mailed to sign in with; the code is left out. */
export interface MagicAuth extends Lifetime {
  object: 'magic_auth'
  id: string
  user_id: string
  email: string
  expires_at: string
}

/** A password reset; it has no `updated_at`, and the token is left out. */
export interface PasswordReset {
  object: 'password_reset'
  id: string
  user_id: string
  email: string
  expires_at: string
  created_at: string
}

/** An invitation; the token is left out. */
export interface Invitation extends Lifetime {
  object: 'invitation'
  id: string
  email: string
  state: OneOf<'pending' | 'accepted' | 'expired' | 'revoked'>
  accepted_at: string | null
  revoked_at: string | null
  expires_at: string
  organization_id: string | null
  inviter_user_id: string | null
  accepted_user_id: string | null
  role_slug: string | null
}

/** Somebody on the waiting list. */
export interface WaitlistUser extends Lifetime {
  object: 'waitlist_user'
  id: string
  email: string
  state: OneOf<'pending' | 'approved' | 'denied'>
  approved_at: string | null
  waitlist_id?: string | null
}

/** An action did not let somebody register. */
export interface DeniedRegistration extends ClientOrigin {
  action_endpoint_id: string
  action_execution_id: string
  type: OneOf<'authentication' | 'user_registration'>
  verdict: OneOf<'Deny'>
  organization_id: string | null
  email: string
}

/** An action did not let a user sign in. */
export interface DeniedAuthentication extends DeniedRegistration {
  user_id: string
}
