export type * from './wire.ts'
export * from './http/index.ts'
