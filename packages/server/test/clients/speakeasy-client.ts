import { Speakeasy } from '@speakeasy-api/speakeasy-client-sdk-typescript'
import { SDKError } from '@speakeasy-api/speakeasy-client-sdk-typescript/sdk/models/errors/index.js'
import type { CliEvent } from '@speakeasy-api/speakeasy-client-sdk-typescript/sdk/models/shared/index.js'
import type { Workspace } from './test-server.ts'

/** The vendor's SDK, pointed at a workspace as its users point it. */
export function connectTo({ url, key, name }: Workspace): Speakeasy {
  return new Speakeasy({ serverURL: url, security: { apiKey: key }, workspaceId: name })
}

/** An event with the nine required fields alone; `execution` keeps the tests' events apart. */
export function minimal(execution: string, id: string, more: Partial<CliEvent> = {}): CliEvent {
  return {
    id,
    executionId: execution,
    workspaceId: 'ws_orchard',
    speakeasyApiKeyName: '',
    interactionType: 'CLI_EXEC',
    localStartedAt: new Date('2025-04-02T07:15:00.250Z'),
    createdAt: new Date('2025-04-02T07:15:00.251Z'),
    speakeasyVersion: '1.542.3',
    success: false,
    ...more,
  }
}

/** A moment of one morning. */
export function at(minute: number): Date {
  return new Date(Date.UTC(2025, 3, 3, 9, minute))
}

/** Whether what was thrown is the SDK's own error for a status. */
export function isSdkError(status: number): (error: unknown) => boolean {
  return (error) => error instanceof SDKError && error.statusCode === status
}
