import Type, { type Static } from 'typebox'
import type { Settings } from '../../core/settings.ts'
import { webhookSecrets } from '../shared/webhook.ts'
import { daysMax } from '../shared/window.ts'

/** What can be set for a workspace; `docs/dialects/webex.md` says what each does. */
export const webexSettingsSchema = Type.Object(
  {
    windowDays: Type.Optional(Type.Integer({ minimum: 1, maximum: daysMax })),
    webhookSecrets,
  },
  { additionalProperties: false },
)

/** What is set for a workspace. */
export type WebexSettings = Static<typeof webexSettingsSchema>

/** What is set for one workspace. */
export function webexSettings(settings: Settings, workspace: string): WebexSettings {
  return settings.of(workspace, 'webex')
}
