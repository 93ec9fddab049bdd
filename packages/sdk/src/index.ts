export type * from './wire.ts'
export * from './native/index.ts'
