import type { GenerateBumpType, InteractionType, Open, OpenapiDiffBumpType } from './enums.ts'

/**
 * A record of one run of the Speakeasy binary: 82 fields, 9 of which every event has (contract: the schema
 * CliEvent of the vendor's OpenAPI document 0.4.0). Times go over the wire to the millisecond, in UTC.
 */
export interface CliEvent {
  /** The event's identity: an event of an id that is there replaces the one before. */
  readonly id: string
  /** What all events of one run of the binary, or of one attempt of a CI run, have in common. */
  readonly executionId: string
  /** The workspace that it belongs to; which one it is kept in, the address says. */
  readonly workspaceId: string
  /** The name of the API key that was used; may be empty. */
  readonly speakeasyApiKeyName: string
  /** What kind of run. */
  readonly interactionType: InteractionType
  /** When it began, by its sender's clock. */
  readonly localStartedAt: Date
  /** When the event was made; searches are ordered by it. */
  readonly createdAt: Date
  /** The version of the binary; may be empty. */
  readonly speakeasyVersion: string
  /** How it ended; `false` as long as it has not. */
  readonly success: boolean

  // How the run went.

  /** When it ended, by its sender's clock; absent before. */
  readonly localCompletedAt?: Date | undefined
  /** From its beginning to its end, in milliseconds. */
  readonly durationMs?: number | undefined
  /** Why it failed. */
  readonly error?: string | undefined
  /** The last step of the workflow that was reached. */
  readonly lastStep?: string | undefined
  /** The steps that were taken, as a diagram of Mermaid. */
  readonly mermaidDiagram?: string | undefined
  /** The command line as it was typed. */
  readonly rawCommand?: string | undefined
  /** A whole report of tests in JUnit's XML. */
  readonly testReportRaw?: string | undefined

  // Where it ran.

  /** The CI product, `GITHUB_ACTIONS` say. */
  readonly continuousIntegrationEnvironment?: string | undefined
  /** The machine. */
  readonly hostname?: string | undefined
  /** The commit that it ran on. */
  readonly commitHead?: string | undefined
  /** A name for the repository. */
  readonly repoLabel?: string | undefined
  /** `user.name` of git's configuration. */
  readonly gitUserName?: string | undefined
  /** `user.email` of git's configuration. */
  readonly gitUserEmail?: string | undefined
  /** The owner in the default remote's address. */
  readonly gitRemoteDefaultOwner?: string | undefined
  /** The repository in the default remote's address. */
  readonly gitRemoteDefaultRepo?: string | undefined
  /** The working directory, from the root of the git repository on. */
  readonly gitRelativeCwd?: string | undefined
  /** The owner of the repository that the GitHub Action ran in. */
  readonly ghActionOrganization?: string | undefined
  /** That repository, without its owner. */
  readonly ghActionRepository?: string | undefined
  /** The ref that the Action ran on. */
  readonly ghActionRef?: string | undefined
  /** The address of the Action's run. */
  readonly ghActionRunLink?: string | undefined
  /** The version of Speakeasy's Action. */
  readonly ghActionVersion?: string | undefined
  /** The address of the pull request that was made. */
  readonly ghPullRequest?: string | undefined
  /** Whether the Action committed what was generated. */
  readonly ghChangesCommitted?: boolean | undefined

  // What was generated.

  /** The kind of target: `typescript`, `terraform` and so on. */
  readonly generateTarget?: string | undefined
  /** The target's key in the workflow's file. */
  readonly generateTargetName?: string | undefined
  /** The generation of the target's templates, `v2` say. */
  readonly generateTargetVersion?: string | undefined
  /** The `id` of the target's gen.lock: what a target is known by. */
  readonly generateGenLockId?: string | undefined
  /** The version of the generator. */
  readonly generateVersion?: string | undefined
  /** Whether tests were written. */
  readonly generateOutputTests?: boolean | undefined
  /** Whether the target counts as published. */
  readonly generatePublished?: boolean | undefined
  /** The address where its repository should be. */
  readonly generateRepoUrl?: string | undefined
  /** How its version was raised. */
  readonly generateBumpType?: GenerateBumpType | undefined
  /** The features that it could have, as YAML. */
  readonly generateEligibleFeatures?: string | undefined
  /** How many operations were generated. */
  readonly generateNumberOfOperationsUsed?: number | undefined
  /** How many operations were left out, since they are not valid. */
  readonly generateNumberOfOperationsIgnored?: number | undefined
  /** How many resources and actions of Terraform were generated. */
  readonly generateNumberOfTerraformResources?: number | undefined
  /** gen.yaml before. */
  readonly generateConfigPreRaw?: string | undefined
  /** gen.yaml after. */
  readonly generateConfigPostRaw?: string | undefined
  /** The SDK's version before. */
  readonly generateConfigPreVersion?: string | undefined
  /** The SDK's version after. */
  readonly generateConfigPostVersion?: string | undefined
  /** A checksum of the configuration before. */
  readonly generateConfigPreChecksum?: string | undefined
  /** A checksum of the configuration after. */
  readonly generateConfigPostChecksum?: string | undefined
  /** The versions of the features before, as YAML. */
  readonly generateGenLockPreFeatures?: string | undefined
  /** The versions of the features after, as YAML. */
  readonly generateGenLockPostFeatures?: string | undefined
  /** The SDK's version as the generation before noted it. */
  readonly generateGenLockPreVersion?: string | undefined
  /** The OpenAPI document's version at the generation before. */
  readonly generateGenLockPreDocVersion?: string | undefined
  /** The OpenAPI document's checksum at the generation before. */
  readonly generateGenLockPreDocChecksum?: string | undefined
  /** The registry's digest of the revision that was used before. */
  readonly generateGenLockPreRevisionDigest?: string | undefined
  /** The registry's digest of the blob that was used before. */
  readonly generateGenLockPreBlobDigest?: string | undefined
  /** The registry's namespace that was used before. */
  readonly generateGenLockPreNamespaceName?: string | undefined
  /** A checksum of the OpenAPI document. */
  readonly managementDocChecksum?: string | undefined
  /** The version in the OpenAPI document. */
  readonly managementDocVersion?: string | undefined

  // What it was generated from, and what was found in it.

  /** The registry's digest of the source's manifest, `sha256:…`. */
  readonly sourceRevisionDigest?: string | undefined
  /** The registry's digest of the source's bundle. */
  readonly sourceBlobDigest?: string | undefined
  /** The registry's namespace of the source. */
  readonly sourceNamespaceName?: string | undefined
  /** The digest of the report of the linter. */
  readonly lintReportDigest?: string | undefined
  /** How many errors are in it. */
  readonly lintReportErrorCount?: number | undefined
  /** How many warnings are in it. */
  readonly lintReportWarningCount?: number | undefined
  /** How many hints are in it. */
  readonly lintReportInfoCount?: number | undefined
  /** The digest of the report of the changes. */
  readonly openapiDiffReportDigest?: string | undefined
  /** The manifest's digest of the older document that was compared with. */
  readonly openapiDiffBaseSourceRevisionDigest?: string | undefined
  /** The bundle's digest of the older document. */
  readonly openapiDiffBaseSourceBlobDigest?: string | undefined
  /** The namespace of the older document. */
  readonly openapiDiffBaseSourceNamespaceName?: string | undefined
  /** How many changes break callers. */
  readonly openapiDiffBreakingChangesCount?: number | undefined
  /** Which rise of the version the changes call for. */
  readonly openapiDiffBumpType?: OpenapiDiffBumpType | undefined

  // Where it was published.

  /** The package. */
  readonly publishPackageName?: string | undefined
  /** The version that was released. */
  readonly publishPackageVersion?: string | undefined
  /** The registry: `npm`, `pypi` and so on. */
  readonly publishPackageRegistryName?: string | undefined
  /** The package's page in its registry. */
  readonly publishPackageUrl?: string | undefined

  // The files of the workflow, as YAML.

  /** The workflow before. */
  readonly workflowPreRaw?: string | undefined
  /** The workflow after. */
  readonly workflowPostRaw?: string | undefined
  /** The workflow's lock before. */
  readonly workflowLockPreRaw?: string | undefined
  /** The workflow's lock after. */
  readonly workflowLockPostRaw?: string | undefined

  /**
   * Fields that the contract does not name, under their names on the wire; sent along, and kept by
   * Eventwell.
   */
  readonly extra?: Readonly<Record<string, unknown>> | undefined
}

/** The fields of an event whose values are of a closed list. */
type Listed = 'interactionType' | 'generateBumpType' | 'openapiDiffBumpType'

/**
 * An event as it is read. Its lists are open; fields that are not known, and such as are not of their
 * type, stand in `extra` as they came.
 */
export interface StoredCliEvent extends Omit<CliEvent, Listed> {
  /** What kind of run. */
  readonly interactionType: Open<InteractionType>
  /** How its version was raised. */
  readonly generateBumpType?: Open<GenerateBumpType> | undefined
  /** Which rise of the version the changes call for. */
  readonly openapiDiffBumpType?: Open<OpenapiDiffBumpType> | undefined
}
