import type { CliEvent } from './cli-event.ts'
import { generateBumpTypes, interactionTypes, openapiDiffBumpTypes } from './enums.ts'
import type { Target } from './target.ts'

/**
 * What a field holds on the wire: text, a date-time, a whole number, true or false, one of a closed list.
 */
export type FieldKind = 'text' | 'time' | 'whole' | 'truth' | readonly string[]

/** The kind that a field of a type must have in the tables: they cannot differ from the interfaces. */
type KindOf<Type> = [Type] extends [Date]
  ? 'time'
  : [Type] extends [number]
    ? 'whole'
    : [Type] extends [boolean]
      ? 'truth'
      : string extends Type
        ? 'text'
        : [Type] extends [string]
          ? readonly Type[]
          : never

type KindsOf<Record> = {
  readonly [Name in Exclude<keyof Record, 'extra'>]-?: KindOf<Exclude<Record[Name], undefined>>
}

/**
 * The fields of an event, in the order of their names on the wire, in which the vendor's SDKs send them.
 * A name on the wire is ours in snake case.
 */
export const cliEventFields = {
  commitHead: 'text',
  continuousIntegrationEnvironment: 'text',
  createdAt: 'time',
  durationMs: 'whole',
  error: 'text',
  executionId: 'text',
  generateBumpType: generateBumpTypes,
  generateConfigPostChecksum: 'text',
  generateConfigPostRaw: 'text',
  generateConfigPostVersion: 'text',
  generateConfigPreChecksum: 'text',
  generateConfigPreRaw: 'text',
  generateConfigPreVersion: 'text',
  generateEligibleFeatures: 'text',
  generateGenLockId: 'text',
  generateGenLockPostFeatures: 'text',
  generateGenLockPreBlobDigest: 'text',
  generateGenLockPreDocChecksum: 'text',
  generateGenLockPreDocVersion: 'text',
  generateGenLockPreFeatures: 'text',
  generateGenLockPreNamespaceName: 'text',
  generateGenLockPreRevisionDigest: 'text',
  generateGenLockPreVersion: 'text',
  generateNumberOfOperationsIgnored: 'whole',
  generateNumberOfOperationsUsed: 'whole',
  generateNumberOfTerraformResources: 'whole',
  generateOutputTests: 'truth',
  generatePublished: 'truth',
  generateRepoUrl: 'text',
  generateTarget: 'text',
  generateTargetName: 'text',
  generateTargetVersion: 'text',
  generateVersion: 'text',
  ghActionOrganization: 'text',
  ghActionRef: 'text',
  ghActionRepository: 'text',
  ghActionRunLink: 'text',
  ghActionVersion: 'text',
  ghChangesCommitted: 'truth',
  ghPullRequest: 'text',
  gitRelativeCwd: 'text',
  gitRemoteDefaultOwner: 'text',
  gitRemoteDefaultRepo: 'text',
  gitUserEmail: 'text',
  gitUserName: 'text',
  hostname: 'text',
  id: 'text',
  interactionType: interactionTypes,
  lastStep: 'text',
  lintReportDigest: 'text',
  lintReportErrorCount: 'whole',
  lintReportInfoCount: 'whole',
  lintReportWarningCount: 'whole',
  localCompletedAt: 'time',
  localStartedAt: 'time',
  managementDocChecksum: 'text',
  managementDocVersion: 'text',
  mermaidDiagram: 'text',
  openapiDiffBaseSourceBlobDigest: 'text',
  openapiDiffBaseSourceNamespaceName: 'text',
  openapiDiffBaseSourceRevisionDigest: 'text',
  openapiDiffBreakingChangesCount: 'whole',
  openapiDiffBumpType: openapiDiffBumpTypes,
  openapiDiffReportDigest: 'text',
  publishPackageName: 'text',
  publishPackageRegistryName: 'text',
  publishPackageUrl: 'text',
  publishPackageVersion: 'text',
  rawCommand: 'text',
  repoLabel: 'text',
  sourceBlobDigest: 'text',
  sourceNamespaceName: 'text',
  sourceRevisionDigest: 'text',
  speakeasyApiKeyName: 'text',
  speakeasyVersion: 'text',
  success: 'truth',
  testReportRaw: 'text',
  workflowLockPostRaw: 'text',
  workflowLockPreRaw: 'text',
  workflowPostRaw: 'text',
  workflowPreRaw: 'text',
  workspaceId: 'text',
} as const satisfies KindsOf<CliEvent>

/** Those that every event has. */
export const cliEventRequired = [
  'id',
  'executionId',
  'workspaceId',
  'speakeasyApiKeyName',
  'interactionType',
  'localStartedAt',
  'createdAt',
  'speakeasyVersion',
  'success',
] as const satisfies readonly (keyof CliEvent)[]

/** The fields of a target, likewise; its list of interactions is open, as it is only read. */
export const targetFields = {
  commitHead: 'text',
  continuousIntegrationEnvironment: 'text',
  error: 'text',
  generateConfigPostVersion: 'text',
  generateEligibleFeatures: 'text',
  generateGenLockId: 'text',
  generateGenLockPreFeatures: 'text',
  generateGenLockPreVersion: 'text',
  generateNumberOfOperationsIgnored: 'whole',
  generateNumberOfOperationsUsed: 'whole',
  generateNumberOfTerraformResources: 'whole',
  generatePublished: 'truth',
  generateTarget: 'text',
  generateTargetName: 'text',
  generateTargetVersion: 'text',
  ghActionOrganization: 'text',
  ghActionRef: 'text',
  ghActionRepository: 'text',
  ghActionRunLink: 'text',
  ghActionVersion: 'text',
  gitRelativeCwd: 'text',
  gitRemoteDefaultOwner: 'text',
  gitRemoteDefaultRepo: 'text',
  gitUserEmail: 'text',
  gitUserName: 'text',
  hostname: 'text',
  id: 'text',
  lastEventCreatedAt: 'time',
  lastEventId: 'text',
  lastEventInteractionType: 'text',
  lastPublishCreatedAt: 'time',
  lastPublishGhActionRunLink: 'text',
  publishPackageName: 'text',
  publishPackageRegistryName: 'text',
  publishPackageUrl: 'text',
  publishPackageVersion: 'text',
  repoLabel: 'text',
  sourceBlobDigest: 'text',
  sourceNamespaceName: 'text',
  sourceRevisionDigest: 'text',
  success: 'truth',
  workflowLockPostRaw: 'text',
  workflowLockPreRaw: 'text',
  workflowPostRaw: 'text',
  workflowPreRaw: 'text',
} as const satisfies KindsOf<Target>

/** Those that every target has. */
export const targetRequired = [
  'id',
  'generateGenLockId',
  'generateTarget',
  'lastEventId',
  'lastEventCreatedAt',
  'lastEventInteractionType',
] as const satisfies readonly (keyof Target)[]

/** A field's name on the wire. */
export function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
