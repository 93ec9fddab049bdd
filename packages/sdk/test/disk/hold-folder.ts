import { Spool } from '../../src/disk/spool.ts'

// A process that takes a folder, says so, and keeps it until it is killed.

const spool = await Spool.open(process.argv[2]!, { onFault: console.error })
await spool.add(['kept'])
console.log('held')
setInterval(() => spool.size, 60_000)
