import type { Dialect } from './dialects/contract.ts'
import { logspace } from './dialects/logspace/index.ts'
import { native } from './dialects/native/index.ts'
import { speakeasy } from './dialects/speakeasy/index.ts'
import { webex } from './dialects/webex/index.ts'
import { workos } from './dialects/workos/index.ts'

/** Every dialect the server speaks. A new one is a folder, and a line here. */
export const dialects: readonly Dialect[] = [native, speakeasy, logspace, workos, webex]
