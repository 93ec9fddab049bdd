// Payloads about where users come from: connections, directories, organizations. Names and fields as in
// WorkOS's OpenAPI document, v0.61.0 of 2026-08-07. A `?` is a key that may be missing.

import type { Attributes, Lifetime, OneOf, RoleSlug } from './parts.ts'

/** A single sign-on connection that is gone; its state is the one before. */
export interface DeletedConnection extends Lifetime {
  object: 'connection'
  id: string
  state: OneOf<'draft' | 'active' | 'validating' | 'inactive' | 'deleting'>
  name: string
  /** One of some fifty, such as `OktaSAML`, `GenericOIDC`, `GoogleOAuth`. */
  connection_type: string
  organization_id?: string | null
}

/** A single sign-on connection. */
export interface Connection extends DeletedConnection {
  external_key: string
  /** The former name of `state`. */
  status: OneOf<'linked' | 'unlinked'>
  domains: { object: 'connection_domain'; id: string; domain: string }[]
}

/** A connection, as far as events of its certificates say. */
export interface CertifiedConnection {
  id: string
  organization_id?: string | null
}

/** A certificate of a connection. */
export interface SamlCertificate {
  certificate_type: OneOf<'ResponseSigning' | 'RequestSigning' | 'ResponseEncryption'>
  expiry_date: string
}

/** A connection's SAML certificate was renewed. */
export interface CertificateRenewed {
  connection: CertifiedConnection
  certificate: SamlCertificate
  renewed_at: string
}

/** A connection's SAML certificate runs out. */
export interface CertificateRenewalDue {
  connection: CertifiedConnection
  certificate: SamlCertificate & { is_expired: boolean }
  days_until_expiry: number
}

/** A directory that is gone. */
export interface DeletedDirectory extends Lifetime {
  object: 'directory'
  id: string
  organization_id?: string | null
  /** One of some twenty, such as `okta scim v2.0`, `gsuite directory`, `workday`. */
  type: string
  state: OneOf<'active' | 'validating' | 'invalid_credentials' | 'inactive' | 'deleting'>
  name: string
}

/** A directory that is synchronized. */
export interface Directory extends DeletedDirectory {
  external_key: string
  domains: { object: 'organization_domain'; id: string; domain: string }[]
}

/** An address of a directory's user. */
export interface DirectoryUserEmail {
  primary?: boolean
  type?: string | null
  value?: string | null
}

/** A user of a directory. `email` may be empty while `emails` has the primary one. */
export interface DirectoryUser extends Lifetime {
  object: 'directory_user'
  id: string
  directory_id: string
  organization_id: string
  idp_id: string
  email: string | null
  first_name?: string | null
  last_name?: string | null
  name?: string | null
  emails?: DirectoryUserEmail[]
  job_title?: string | null
  username?: string | null
  state: OneOf<'active' | 'suspended' | 'inactive'>
  raw_attributes?: Attributes
  custom_attributes: Attributes
  role?: RoleSlug
  roles?: RoleSlug[]
}

/** A user of a directory, and what was otherwise before; a key that is new shows `null`. */
export interface UpdatedDirectoryUser extends DirectoryUser {
  previous_attributes?: Attributes
}

/** A group of a directory. */
export interface DirectoryGroup extends Lifetime {
  object: 'directory_group'
  id: string
  idp_id: string
  directory_id: string
  organization_id: string
  name: string
  raw_attributes?: Attributes
}

/** A group of a directory, and what was otherwise before. */
export interface UpdatedDirectoryGroup extends DirectoryGroup {
  previous_attributes?: Attributes
}

/** A user of a directory came into a group or left it. */
export interface DirectoryMembership {
  directory_id: string
  user: DirectoryUser
  group: DirectoryGroup
}

/** A token with which a provider sends a directory. */
export interface DirectoryToken {
  object: 'directory_token'
  id: string
  directory_id: string
  organization_id?: string | null
  token_suffix: string
  created_at: string
}

/** A domain of an organization. */
export interface OrganizationDomain extends Lifetime {
  object: 'organization_domain'
  id: string
  organization_id: string
  domain: string
  state?: OneOf<'failed' | 'legacy_verified' | 'pending' | 'unverified' | 'verified'> | null
  verification_prefix?: string | null
  verification_token?: string | null
  verification_strategy?: OneOf<'dns' | 'manual'> | null
}

/** A domain that could not be verified, and why. */
export interface FailedDomainVerification {
  reason: OneOf<'domain_verification_period_expired' | 'domain_verified_by_other_organization'>
  organization_domain: OrganizationDomain
}

/** An organization. */
export interface Organization extends Lifetime {
  object: 'organization'
  id: string
  name: string
  domains: OrganizationDomain[]
  metadata: Attributes
  external_id: string | null
  stripe_customer_id?: string | null
}
