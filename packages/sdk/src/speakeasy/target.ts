import type { CliEvent } from './cli-event.ts'
import type { InteractionType, Open } from './enums.ts'

/** What a target has as events have it: what the newest of them that say so say. */
type OfEvents = Pick<
  CliEvent,
  | 'commitHead'
  | 'continuousIntegrationEnvironment'
  | 'error'
  | 'generateConfigPostVersion'
  | 'generateEligibleFeatures'
  | 'generateGenLockPreFeatures'
  | 'generateGenLockPreVersion'
  | 'generateNumberOfOperationsIgnored'
  | 'generateNumberOfOperationsUsed'
  | 'generateNumberOfTerraformResources'
  | 'generatePublished'
  | 'generateTargetName'
  | 'generateTargetVersion'
  | 'ghActionOrganization'
  | 'ghActionRef'
  | 'ghActionRepository'
  | 'ghActionRunLink'
  | 'ghActionVersion'
  | 'gitRelativeCwd'
  | 'gitRemoteDefaultOwner'
  | 'gitRemoteDefaultRepo'
  | 'gitUserEmail'
  | 'gitUserName'
  | 'hostname'
  | 'publishPackageName'
  | 'publishPackageRegistryName'
  | 'publishPackageUrl'
  | 'publishPackageVersion'
  | 'repoLabel'
  | 'sourceBlobDigest'
  | 'sourceNamespaceName'
  | 'sourceRevisionDigest'
  | 'success'
  | 'workflowLockPostRaw'
  | 'workflowLockPreRaw'
  | 'workflowPostRaw'
  | 'workflowPreRaw'
>

/**
 * A target: what all events of one gen.lock say together; 45 fields, 6 of which each has (contract: the
 * schema TargetSDK of the vendor's OpenAPI document 0.4.0).
 */
export interface Target extends Partial<OfEvents> {
  /** What the target is known by; the same as `generateGenLockId`. */
  readonly id: string
  /** The `id` of the target's gen.lock. */
  readonly generateGenLockId: string
  /** The kind of target: `typescript`, `terraform` and so on. */
  readonly generateTarget: string
  /** The newest event of the target. */
  readonly lastEventId: string
  /** When that was made. */
  readonly lastEventCreatedAt: Date
  /** What kind of run it was of; a `TOMBSTONE` says that the target was archived. */
  readonly lastEventInteractionType: Open<InteractionType>
  /** When it was last published. */
  readonly lastPublishCreatedAt?: Date | undefined
  /** The address of the Action's run that published it. */
  readonly lastPublishGhActionRunLink?: string | undefined
  /** Fields that are not known, and such as are not of their type, under their names on the wire. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined
}
