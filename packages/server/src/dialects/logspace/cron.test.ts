import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { faultOfCron } from './cron.ts'

const nowMs = Date.UTC(2030, 5, 15, 12, 0, 0)

// What Quartz takes and refuses was tried with the library that agents use (2.3.2).
describe('a Quartz cron expression', () => {
  for (const expression of [
    '0/10 * * * * ?',
    '0/10 * * * * ? *',
    '0 0 12 1 1 ?',
    '0 0 12 ? * MON-FRI',
    '0 0 12 ? * 1,7',
    '0 15 10 L * ?',
    '0 15 10 L-3 * ?',
    '0 15 10 LW * ?',
    '0 15 10 15W * ?',
    '0 15 10 ? * 6L',
    '0 15 10 ? * 6#3',
    '0 0 22-2 * JAN-MAR,dec ?',
    '0 5/20 8-18/2 * * ? 2030-2035',
    '0 0 0 29 2 ?',
    '0 0 13 15 6 ? 2030',
  ]) {
    it(`is ${expression}`, () => assert.equal(faultOfCron(expression, nowMs), undefined))
  }

  for (const [expression, fault] of [
    ['* * * * *', /six or seven/],
    ['* * * * * ? * *', /six or seven/],
    ['0/10 * * * * *', /exactly one/],
    ['* * * * * * *', /exactly one/],
    ['0 0 12 1 1 1', /exactly one/],
    ['0 0 12 ? * ?', /exactly one/],
    ['0 0 0 0 0 ?', /days of the month/],
    ['61 * * * * ?', /seconds/],
    ['0 60 * * * ?', /minutes/],
    ['0 0 25 * * ?', /hours/],
    ['0 0 12 32 * ?', /days of the month/],
    ['0 0 12 ? * 8', /days of the week/],
    ['0 0 12 ? * 6#6', /days of the week/],
    ['0/61 * * * * ?', /seconds/],
    ['a b c d e ?', /hours|seconds/],
    ['0 0 12 C * ?', /days of the month/],
    ['0//5 * * * * ?', /seconds/],
    ['0/ * * * * ?', /seconds/],
    ['0 0 12 ? FOO MON', /months/],
    ['0 0 12 ? * MON-', /days of the week/],
    ['0 0 12 1- * ?', /days of the month/],
    [', * * * * ?', /seconds/],
    ['-1 * * * * ?', /seconds/],
    ['0 0 12 L-31 * ?', /days of the month/],
    ['0 0 12 * * ? 2020', /never/],
    ['0 0 12 * * ? 2200', /years/],
    ['0 0 12 31 2 ?', /never/],
    ['0 0 12 30 FEB ?', /never/],
    ['0 0 11 15 6 ? 2030', /never/],
  ] as const) {
    it(`is not ${expression}`, () => assert.match(faultOfCron(expression, nowMs) ?? '', fault))
  }
})
