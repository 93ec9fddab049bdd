import Type, { type Static } from 'typebox'
import type { Settings } from '../../core/settings.ts'
import { webhookSecrets } from '../shared/webhook.ts'
import { daysMax } from '../shared/window.ts'

const hourSeconds = 3600
const namesMax = 1000

/** What can be set for a workspace; `docs/dialects/workos.md` says what each does. */
export const workosSettingsSchema = Type.Object(
  {
    strict: Type.Optional(Type.Boolean()),
    names: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: namesMax }),
    ),
    order: Type.Optional(Type.Union([Type.Literal('ignored'), Type.Literal('honoured')])),
    windowDays: Type.Optional(Type.Integer({ minimum: 1, maximum: daysMax })),
    spanDays: Type.Optional(Type.Integer({ minimum: 1, maximum: daysMax })),
    holdBackSeconds: Type.Optional(Type.Integer({ minimum: 0, maximum: hourSeconds })),
    webhookSecrets,
  },
  { additionalProperties: false },
)

/** What is set for a workspace. */
export type WorkosSettings = Static<typeof workosSettingsSchema>

/** What is set for one workspace. */
export function workosSettings(settings: Settings, workspace: string): WorkosSettings {
  return settings.of(workspace, 'workos')
}
