// Payloads about what may be done: roles, keys, flags, groups, connected accounts, agents. Names and fields
// as in WorkOS's OpenAPI document, v0.61.0 of 2026-08-07. A `?` is a key that may be missing.

import type { Lifetime, OneOf } from './parts.ts'

/** A role of an environment. */
export interface Role extends Lifetime {
  object: 'role'
  slug: string
  resource_type_slug: string
  permissions?: string[]
}

/** A role of one organization. */
export interface OrganizationRole extends Lifetime {
  object: 'organization_role'
  organization_id: string
  slug: string
  name: string
  description: string | null
  resource_type_slug: string
  permissions: string[]
}

/** A permission. */
export interface Permission extends Lifetime {
  object: 'permission'
  id: string
  slug: string
  name: string
  description: string | null
  system: boolean
  resource_type_slug: string
}

/** Whose an API key is. */
export type ApiKeyOwner =
  { type: 'organization'; id: string } | { type: 'user'; id: string; organization_id: string }

/** An API key of an organization or a user; the key itself is left out. */
export interface ApiKey extends Lifetime {
  object: 'api_key'
  id: string
  owner: ApiKeyOwner
  name: string
  obfuscated_value: string
  last_used_at: string | null
  expires_at: string | null
  permissions: string[]
}

/** An API key, and when it would have run out before. */
export interface UpdatedApiKey extends ApiKey {
  previous_attributes: { expires_at: string | null }
}

/** A feature flag. */
export interface FeatureFlag extends Lifetime {
  object: 'feature_flag'
  id: string
  environment_id: string
  slug: string
  name: string
  description: string | null
  owner: { email: string; first_name: string | null; last_name: string | null } | null
  tags: string[]
  enabled: boolean
  default_value: boolean
}

/** A group of an organization. */
export interface Group extends Lifetime {
  object: 'group'
  id: string
  organization_id: string
  name: string
  description: string | null
}

/** A member came into a group or left it. */
export interface GroupMembership {
  group_id: string
  organization_membership_id: string
}

/** What the accounts at third parties and their failures have in common. */
export interface AccountAtThirdParty {
  data_integration_id: string
  provider_slug: string
  user_id: string | null
  organization_id: string | null
}

/** An account at a third party. */
export interface ConnectedAccount extends AccountAtThirdParty, Lifetime {
  object: 'connected_account'
  id: string
  scopes: string[]
  state: OneOf<'connected' | 'needs_reauthorization'>
}

/** An account at a third party could not be connected. */
export interface FailedAccountConnection extends AccountAtThirdParty {
  object: 'connection_failed'
  error_code: string
  error_reason: string | null
  provider_error: string | null
  provider_error_description: string | null
  created_at: string
}

/** Which agent's registration it is about, and no more. */
export interface AgentRegistrationReference {
  agent_registration_id: string
}

/** An agent's registration moved to another organization. */
export interface MovedAgentRegistration extends AgentRegistrationReference {
  from_organization_id: string
  to_organization_id: string
}

/** An agent's registration. */
export interface AgentRegistration extends Lifetime {
  object: 'agent_registration'
  id: string
  agent_identity: { object: 'agent_identity'; id: string; userland_user_id: string | null }
  organization_id: string
  status: OneOf<'unverified' | 'verified' | 'expired' | 'revoked'>
  kind: OneOf<'anonymous' | 'service_auth' | 'identity_assertion'>
  method: OneOf<'anonymous' | 'service_auth' | 'id_jag'>
}

/** Somebody was asked to claim an agent. */
export interface AgentClaimAttempt extends AgentRegistrationReference, Lifetime {
  object: 'agent_registration_claim_attempt'
  id: string
  agent_registration_claim_id: string
  login_hint: string
  expires_at: string
}

/** Somebody claimed an agent. */
export interface AgentClaim extends AgentRegistrationReference, Lifetime {
  object: 'agent_registration_claim'
  id: string
  completed_by_attempt_id: string
  claimed_by: { user_id: string; organization_id: string | null }
  completed_at: string
}

/** What an agent was given. */
export type AgentCredentialDetail =
  | { kind: 'api_key'; api_key_id: string }
  | { kind: 'access_token'; jti: string; expires_at: string | null }

/** An agent was given a credential. */
export interface AgentCredential extends AgentRegistrationReference, Lifetime {
  object: 'agent_registration_credential'
  id: string
  detail: AgentCredentialDetail
}
