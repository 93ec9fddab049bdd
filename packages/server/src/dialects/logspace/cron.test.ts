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
    '0 0 13 16 6 ? 2030',
    '0 0 12 31W 1,3 ?',
    '0 0 12 14W 6 ? 2031',
    '\t0  0 12\t? * MON ',
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
    // In the far east it is the next day by then.
    ['0 0 0-23 15 6 ? 2030', /never/],
    ['0 0 12 31W 2 ?', /never/],
    ['0 0 12 29W 2 ? 2031', /never/],
    ['0 0 12 L-30 2 ?', /never/],
    ['0 0 12 L-30 4 ?', /never/],
    // The weekday nearest to Sunday the 16th is Monday the 17th, to Saturday the 15th Friday the 14th.
    ['0 0 12 15W 6 ? 2030', /never/],
    ['0 0 12 L-3W * ?', /days of the month/],
    ['0 0 12 * * ? 2030-2020', /years/],
    ['0 0 12 ? * 2-MON', /days of the week/],
    ['0 0 0 1 JAN-3 ?', /months/],
    ['0 0 12 *\u00a0* ?', /six or seven/],
    ['0 0 12 * *\n?', /six or seven/],
  ] as const) {
    it(`is not ${expression}`, () => assert.match(faultOfCron(expression, nowMs) ?? '', fault))
  }
})
