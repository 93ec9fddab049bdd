// Payloads of contract 3.2 about where users come from: connections, directories, organizations.
// WorkOS OpenAPI v0.61.0, 2026-08-07; required keys checked against workos-python 10.2.0.

import { Type } from 'typebox'
import { map, named, nullable, optional, text, time } from './payload-parts.ts'

const organizationId = optional(text)
const lifetime = { created_at: time, updated_at: time }
const role = Type.Object({ slug: text })

const connectionParts = {
  id: text,
  state: text,
  name: text,
  connection_type: text,
  organization_id: organizationId,
  ...lifetime,
}

/** A single sign-on connection (contract 3.2, CONN). */
export const connection = named('connection', {
  ...connectionParts,
  external_key: text,
  status: text,
  domains: Type.Array(named('connection_domain', { id: text, domain: text })),
})

/** A connection that is gone; its state is the one before (contract 3.2, CONN). */
export const deletedConnection = named('connection', connectionParts)

const certifiedConnection = Type.Object({ id: text, organization_id: organizationId })
const certificateParts = { certificate_type: text, expiry_date: time }

/** A connection's SAML certificate runs out (contract 3.2, CERT-DUE). */
export const certificateRenewalDue = Type.Object({
  connection: certifiedConnection,
  certificate: Type.Object({ ...certificateParts, is_expired: Type.Boolean() }),
  days_until_expiry: Type.Integer(),
})

/** A connection's SAML certificate was renewed (contract 3.2, CERT-NEW). */
export const certificateRenewed = Type.Object({
  connection: certifiedConnection,
  certificate: Type.Object(certificateParts),
  renewed_at: time,
})

const directoryParts = {
  id: text,
  organization_id: organizationId,
  type: text,
  state: text,
  name: text,
  ...lifetime,
}

/** A directory that is synchronized (contract 3.2, DIR). */
export const directory = named('directory', {
  ...directoryParts,
  external_key: text,
  domains: Type.Array(named('organization_domain', { id: text, domain: text })),
})

/** A directory that is gone (contract 3.2, DIR). */
export const deletedDirectory = named('directory', directoryParts)

const directoryUserParts = {
  id: text,
  directory_id: text,
  organization_id: text,
  idp_id: text,
  email: nullable(text),
  first_name: optional(text),
  last_name: optional(text),
  name: optional(text),
  emails: Type.Optional(
    Type.Array(
      Type.Object({
        primary: Type.Optional(Type.Boolean()),
        type: optional(text),
        value: optional(text),
      }),
    ),
  ),
  job_title: optional(text),
  username: optional(text),
  state: text,
  raw_attributes: Type.Optional(map),
  custom_attributes: map,
  role: Type.Optional(role),
  roles: Type.Optional(Type.Array(role)),
  ...lifetime,
}

/** A user of a directory (contract 3.2, DUSER). */
export const directoryUser = named('directory_user', directoryUserParts)

/** A user of a directory, and what was otherwise before (contract 3.2, DUSER). */
export const updatedDirectoryUser = named('directory_user', {
  ...directoryUserParts,
  previous_attributes: Type.Optional(map),
})

const directoryGroupParts = {
  id: text,
  idp_id: text,
  directory_id: text,
  organization_id: text,
  name: text,
  raw_attributes: Type.Optional(map),
  ...lifetime,
}

/** A group of a directory (contract 3.2, DGROUP). */
export const directoryGroup = named('directory_group', directoryGroupParts)

/** A group of a directory, and what was otherwise before (contract 3.2, DGROUP). */
export const updatedDirectoryGroup = named('directory_group', {
  ...directoryGroupParts,
  previous_attributes: Type.Optional(map),
})

/** A user of a directory came into a group or left it (contract 3.2, DMEMBER). */
export const directoryMembership = Type.Object({
  directory_id: text,
  user: directoryUser,
  group: directoryGroup,
})

/** A token with which a provider sends a directory (contract 3.2, DTOKEN). */
export const directoryToken = named('directory_token', {
  id: text,
  directory_id: text,
  organization_id: organizationId,
  token_suffix: text,
  created_at: time,
})

/** A domain of an organization (contract 3.2, DOMAIN). */
export const organizationDomain = named('organization_domain', {
  id: text,
  organization_id: text,
  domain: text,
  state: optional(text),
  verification_prefix: optional(text),
  verification_token: optional(text),
  verification_strategy: optional(text),
  ...lifetime,
})

/** A domain that could not be verified, and why (contract 3.2, DOMAIN-FAIL). */
export const failedDomainVerification = Type.Object({
  reason: text,
  organization_domain: organizationDomain,
})

/** An organization; Node's SDK from 7.82 on maps over `domains`, too (contract 3.2, ORG). */
export const organization = named('organization', {
  id: text,
  name: text,
  domains: Type.Array(organizationDomain),
  metadata: map,
  external_id: nullable(text),
  stripe_customer_id: optional(text),
  ...lifetime,
})
