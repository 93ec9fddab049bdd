// Payloads of contract 3.2 about what may be done: roles, keys, flags, groups, the vault, agents.
// WorkOS OpenAPI v0.61.0, 2026-08-07; required keys checked against workos-python 10.2.0.

import { Type } from 'typebox'
import { map, named, nullable, text, time } from './payload-parts.ts'

const lifetime = { created_at: time, updated_at: time }
const texts = Type.Array(text)

/** A role of an environment (contract 3.2, ROLE). */
export const role = named('role', {
  slug: text,
  resource_type_slug: text,
  permissions: Type.Optional(texts),
  ...lifetime,
})

/** A role of one organization (contract 3.2, ORG-ROLE). */
export const organizationRole = named('organization_role', {
  organization_id: text,
  slug: text,
  name: text,
  description: nullable(text),
  resource_type_slug: text,
  permissions: texts,
  ...lifetime,
})

/** A permission (contract 3.2, PERM). */
export const permission = named('permission', {
  id: text,
  slug: text,
  name: text,
  description: nullable(text),
  system: Type.Boolean(),
  resource_type_slug: text,
  ...lifetime,
})

const keyParts = {
  id: text,
  // Python's SDK picks the owner's class by `type` and refuses a type that it does not know.
  owner: Type.Union([
    Type.Object({ type: Type.Literal('organization'), id: text }),
    Type.Object({ type: Type.Literal('user'), id: text, organization_id: text }),
  ]),
  name: text,
  obfuscated_value: text,
  last_used_at: nullable(time),
  expires_at: nullable(time),
  permissions: texts,
  ...lifetime,
}

/** An API key of an organization or a user (contract 3.2, API-KEY). */
export const apiKey = named('api_key', keyParts)

/** An API key, and when it would have run out before (contract 3.2, API-KEY). */
export const updatedApiKey = named('api_key', {
  ...keyParts,
  previous_attributes: Type.Object({ expires_at: nullable(time) }),
})

/** A feature flag (contract 3.2, FLAG). */
export const featureFlag = named('feature_flag', {
  id: text,
  environment_id: text,
  slug: text,
  name: text,
  description: nullable(text),
  owner: nullable(
    Type.Object({ email: text, first_name: nullable(text), last_name: nullable(text) }),
  ),
  tags: texts,
  enabled: Type.Boolean(),
  default_value: Type.Boolean(),
  ...lifetime,
})

/** A group of an organization (contract 3.2, GROUP). */
export const group = named('group', {
  id: text,
  organization_id: text,
  name: text,
  description: nullable(text),
  ...lifetime,
})

/** A member came into a group or left it (contract 3.2, GMEMBER). */
export const groupMembership = Type.Object({ group_id: text, organization_membership_id: text })

const vaultActor = { actor_id: text, actor_source: text, actor_name: text }
const keptValue = { ...vaultActor, kv_name: text }
const keyedValue = { ...keptValue, key_id: text }

/** The names in the vault were listed (contract 3.2, VAULT). */
export const listedVault = Type.Object(vaultActor)

/** A value of the vault was deleted, or looked at without its content (contract 3.2, VAULT). */
export const vaultValue = Type.Object(keptValue)

/** A value of the vault was read with its key (contract 3.2, VAULT). */
export const readVaultValue = Type.Object(keyedValue)

/** A value of the vault was written with its key and the key's context (contract 3.2, VAULT). */
export const writtenVaultValue = Type.Object({ ...keyedValue, key_context: map })

/** A data key was decrypted (contract 3.2, VAULT). */
export const decryptedDataKey = Type.Object({ ...vaultActor, key_id: text })

/** Data keys were read (contract 3.2, VAULT). */
export const readDataKeys = Type.Object({ ...vaultActor, key_ids: texts, key_context: map })

/** A key that encrypts keys was made or deleted (contract 3.2, VAULT). */
export const keyEncryptionKey = Type.Object({ ...vaultActor, key_name: text, key_id: text })

/** A customer's own key is gone (contract 3.2, BYOK). */
export const ownKey = Type.Object({ organization_id: text, key_provider: text })

/** A customer's own key was looked at, with the outcome (contract 3.2, BYOK). */
export const verifiedOwnKey = Type.Object({
  organization_id: text,
  key_provider: text,
  verified: Type.Boolean(),
})

const accountParts = {
  data_integration_id: text,
  provider_slug: text,
  user_id: nullable(text),
  organization_id: nullable(text),
}

/** An account at a third party (contract 3.2, PIPE). */
export const connectedAccount = named('connected_account', {
  id: text,
  ...accountParts,
  scopes: texts,
  state: text,
  ...lifetime,
})

/** An account at a third party could not be connected (contract 3.2, PIPE-FAIL). */
export const failedAccountConnection = named('connection_failed', {
  ...accountParts,
  error_code: text,
  error_reason: nullable(text),
  provider_error: nullable(text),
  provider_error_description: nullable(text),
  created_at: time,
})

const agentRegistrationId = { agent_registration_id: text }

/** Which agent's registration it is about, and no more (contract 3.2, AGENT-ID). */
export const agentRegistrationReference = Type.Object(agentRegistrationId)

/** An agent's registration moved to another organization (contract 3.2, AGENT-SWITCH). */
export const movedAgentRegistration = Type.Object({
  ...agentRegistrationId,
  from_organization_id: text,
  to_organization_id: text,
})

/** An agent's registration (contract 3.2, AGENT-REG). */
export const agentRegistration = named('agent_registration', {
  id: text,
  agent_identity: named('agent_identity', { id: text, userland_user_id: nullable(text) }),
  organization_id: text,
  status: text,
  kind: text,
  method: text,
  ...lifetime,
})

/** Somebody was asked to claim an agent (contract 3.2, AGENT-ATTEMPT). */
export const agentClaimAttempt = named('agent_registration_claim_attempt', {
  id: text,
  ...agentRegistrationId,
  agent_registration_claim_id: text,
  login_hint: text,
  expires_at: time,
  ...lifetime,
})

/** Somebody claimed an agent (contract 3.2, AGENT-CLAIM). */
export const agentClaim = named('agent_registration_claim', {
  id: text,
  ...agentRegistrationId,
  completed_by_attempt_id: text,
  claimed_by: Type.Object({ user_id: text, organization_id: nullable(text) }),
  completed_at: time,
  ...lifetime,
})

/** An agent was given a credential (contract 3.2, AGENT-CRED). */
export const agentCredential = named('agent_registration_credential', {
  id: text,
  ...agentRegistrationId,
  // As with a key's owner: Python's SDK refuses a kind that it does not know.
  detail: Type.Union([
    Type.Object({ kind: Type.Literal('api_key'), api_key_id: text }),
    // The specification lets any text stand for the time here.
    Type.Object({ kind: Type.Literal('access_token'), jti: text, expires_at: nullable(text) }),
  ]),
  ...lifetime,
})
