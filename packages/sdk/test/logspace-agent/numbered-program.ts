import { LogspaceAgent } from '../../src/logspace/agent/index.ts'
import { addNumbers } from '../disk/numbered.ts'

const [folder, hqUrl, first, countMax] = process.argv.slice(2)
// A fault is what this is about: the server is killed again and again.
const onFault = () => {}
const agent = await LogspaceAgent.open({
  folder: folder!,
  hqUrl: hqUrl!,
  spaceToken: 'development',
  agentId: 'numbers',
  commitMaxSeconds: 0.5,
  onFault,
})
const add = (number: number) =>
  agent.append({ properties: { longs: { number: 2n ** 62n + BigInt(number) } } })
await addNumbers(
  {
    add,
    flush: () => agent.flush(),
    close: () => agent.close(),
  },
  Number(first),
  Number(countMax),
)
