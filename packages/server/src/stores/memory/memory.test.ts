import { storeConformance } from '../conformance/index.ts'
import { openMemoryStore } from './index.ts'

const open = async () => openMemoryStore()

storeConformance('memory', { open, reopen: open })
