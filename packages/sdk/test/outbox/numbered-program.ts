import { Outbox } from '../../src/outbox/index.ts'
import { addNumbers } from '../disk/numbered.ts'

const [folder, url, first, countMax] = process.argv.slice(2)
// A fault is what this is about: the server is killed again and again.
const onFault = () => {}
const outbox = await Outbox.open({ folder: folder!, url: url!, key: 'development', onFault })
const add = (number: number) =>
  outbox.append({ source: '/numbers', type: 'number', data: { number } })
await addNumbers(
  {
    add,
    flush: () => outbox.flush(),
    close: () => outbox.close(),
  },
  Number(first),
  Number(countMax),
)
