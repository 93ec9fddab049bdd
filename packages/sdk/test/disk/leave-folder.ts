import { setImmediate } from 'node:timers/promises'
import { Spool } from '../../src/disk/spool.ts'

// A process that takes a folder, leaves it without closing it, and goes on. Run with --expose-gc.

async function leave(folder: string): Promise<void> {
  const spool = await Spool.open(folder, { onFault: console.error })
  await spool.add(['kept'])
  await spool.done((await spool.next({ recordsMax: 1, bytesMax: 1 }))!.mark)
}

await leave(process.argv[2]!)
for (let times = 0; times < 20; times += 1) {
  globalThis.gc!()
  await setImmediate()
}
console.log('alive')
