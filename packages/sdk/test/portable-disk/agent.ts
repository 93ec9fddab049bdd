import { Logspace } from '@eventwell/client/logspace'
import { LogspaceAgent } from '@eventwell/client/logspace/agent'
import { equal, fails } from '../portable/assert.ts'
import { replayFetch } from '../support/replay.ts'
import type { DiskCheck } from './world.ts'

const agentId = 'os/memory'
const invalid = { status: 400, body: { type: 'INVALID_EVENT', message: 'So it is.' } }
const fail = (error: unknown) => {
  throw error
}

/** What must hold of the Logspace agent wherever there are files. */
export const agentChecks: readonly DiskCheck[] = [
  {
    name: 'agent-keeps-every-digit',
    async run({ url, keys, folder }) {
      const spaceToken = keys['agent-keeps-every-digit']!
      const place = { folder, hqUrl: url, spaceToken, agentId, system: 'pear' }
      const agent = await LogspaceAgent.open({ ...place, onFault: fail })
      const properties = {
        longs: { free: 9223372036854775807n },
        doubles: { load: [0.5, NaN] },
        dates: { at: new Date('2026-03-01T10:00:00Z') },
      }
      const { id } = await agent.append({ type: 'os/memory', properties })
      await agent.flush()
      await agent.close()
      const { events } = await new Logspace({ hqUrl: url, spaceToken }).retrieveEvents()
      equal(events.length, 1)
      const [event] = events
      equal([event!.id, event!.system, event!.agentId], [id, 'pear', agentId])
      equal(event!.properties.longs, { free: [9223372036854775807n] })
      equal(event!.properties.doubles, { load: [0.5, NaN] })
      equal(event!.properties.dates, { at: [new Date('2026-03-01T10:00:00Z')] })
    },
  },
  {
    name: 'agent-keeps-what-is-unsent',
    async run({ url, keys, folder }) {
      const spaceToken = keys['agent-keeps-what-is-unsent']!
      const place = { folder, hqUrl: url, spaceToken, agentId }
      const agent = await LogspaceAgent.open(place)
      const added = await agent.append([{}, {}, {}])
      equal(agent.size.events, 3)
      await fails(LogspaceAgent.open(place), (error) => {
        return (error as Error).name === 'FolderInUseError'
      })
      await agent.close()
      const next = await LogspaceAgent.open({ ...place, onFault: fail })
      await next.flush()
      await next.close()
      const { totalCount } = await new Logspace({ hqUrl: url, spaceToken }).retrieveEvents()
      equal(totalCount, added.length)
    },
  },
  {
    name: 'agent-puts-aside-what-is-refused',
    async run({ folder }) {
      const { fetch, requests } = replayFetch([invalid, { status: 202 }, invalid])
      const refused: string[] = []
      const agent = await LogspaceAgent.open({
        folder,
        hqUrl: 'http://hq.test',
        spaceToken: 'token',
        agentId,
        fetch,
        onFault: fail,
        onRefused: ({ id }) => refused.push(id),
      })
      await agent.append([{ id: 'a' }, { id: 'b' }])
      await agent.flush()
      await agent.close()
      equal(refused, ['b'])
      equal(requests.length, 3)
    },
  },
]
