// Payloads about the vault and the keys to it. Names and fields as in WorkOS's OpenAPI document, v0.61.0 of
// 2026-08-07.

import type { Attributes, OneOf } from './parts.ts'

/** The names in the vault were listed; who did it stands in all events of the vault. */
export interface ListedVault {
  actor_id: string
  actor_source: OneOf<'api' | 'dashboard'>
  actor_name: string
}

/** A value of the vault was deleted, or looked at without its content. */
export interface VaultValue extends ListedVault {
  kv_name: string
}

/** A value of the vault was read with its key. */
export interface ReadVaultValue extends VaultValue {
  key_id: string
}

/** A value of the vault was written with its key and the key's context. */
export interface WrittenVaultValue extends ReadVaultValue {
  key_context: Attributes
}

/** A data key was decrypted. */
export interface DecryptedDataKey extends ListedVault {
  key_id: string
}

/** Data keys were read. */
export interface ReadDataKeys extends ListedVault {
  key_ids: string[]
  key_context: Attributes
}

/** A key that encrypts keys was made or deleted. */
export interface KeyEncryptionKey extends ListedVault {
  key_name: string
  key_id: string
}

/** A customer's own key is gone. */
export interface OwnKey {
  organization_id: string
  key_provider: OneOf<'AWS_KMS' | 'GCP_KMS' | 'AZURE_KEY_VAULT'>
}

/** A customer's own key was looked at, with the outcome. */
export interface VerifiedOwnKey extends OwnKey {
  verified: boolean
}
