// Agents plan their work with Quartz, and an expression that Quartz refuses, or one that never fires, ends an
// agent's reading of its order in the middle, with all its plans cleared before. So orders are held to the same
// rules: six or seven fields, of which exactly one of the two kinds of days is `?`.

interface Field {
  readonly name: string
  readonly least: number
  readonly most: number
  readonly names?: readonly string[]
}

const months = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const weekdays = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT']
// Quartz looks no further than 100 years ahead, and warns of years from 2100 on.
const lastYear = 2099

const seconds: Field = { name: 'seconds', least: 0, most: 59 }
const minutes: Field = { name: 'minutes', least: 0, most: 59 }
const hours: Field = { name: 'hours', least: 0, most: 23 }
const daysOfMonth: Field = { name: 'days of the month', least: 1, most: 31 }
const monthsOfYear: Field = { name: 'months', least: 1, most: 12, names: months }
const daysOfWeek: Field = { name: 'days of the week', least: 1, most: 7, names: weekdays }
const years: Field = { name: 'years', least: 1970, most: lastYear }

/** Whether an agent can fire on a day, given its year, month from 1, day, and weekday from 1 for Sunday. */
type DayRule = (day: CalendarDay) => boolean

interface CalendarDay {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly weekday: number
  readonly lastDay: number
}

/**
 * What is wrong with a Quartz cron expression, as the end of a sentence; undefined when an agent can take it
 * and will fire after `nowMs`.
 */
export function faultOfCron(expression: string, nowMs: number): string | undefined {
  const fields = expression.trim().split(/\s+/)
  if (fields.length < 6 || fields.length > 7) return 'must have six or seven fields'
  try {
    const [second = '', minute = '', hour = '', day = '', month = '', weekday = '', year = '*'] =
      fields
    if ((day === '?') === (weekday === '?')) {
      return 'must have ? for exactly one of the day of the month and the day of the week'
    }
    const time = [numbersOf(hour, hours), numbersOf(minute, minutes), numbersOf(second, seconds)]
    const isDay = day === '?' ? weekdayRule(weekday) : dayRule(day)
    const [inMonths, inYears] = [numbersOf(month, monthsOfYear), numbersOf(year, years)]
    const fires = (date: CalendarDay) =>
      inYears.has(date.year) && inMonths.has(date.month) && isDay(date)
    return willFire(fires, time, nowMs) ? undefined : 'never fires'
  } catch (error) {
    if (error instanceof CronFault) return error.message
    throw error
  }
}

class CronFault extends Error {}

/** The numbers that a field means. */
function numbersOf(text: string, field: Field): Set<number> {
  const found = new Set<number>()
  for (const part of text.split(',')) {
    const [, range = '', step] = /^([^/]*)(?:\/(\d{1,4}))?$/.exec(part) ?? fail(part, field)
    const [start, end] = rangeOf(range, step !== undefined, field)
    const stride = step === undefined ? 1 : Number(step)
    if (stride < 1 || stride > field.most) fail(part, field)
    const size = field.most - field.least + 1
    // A range may go over the end of its kind: 22-2 are the hours from ten to two.
    const length = end >= start ? end - start : end + size - start
    for (let at = 0; at <= length; at += stride) {
      found.add(((start - field.least + at) % size) + field.least)
    }
  }
  return found
}

function rangeOf(text: string, hasStep: boolean, field: Field): [start: number, end: number] {
  if (text === '*' || (text === '' && hasStep)) return [field.least, field.most]
  const [first, second, ...more] = text.split('-')
  if (more.length > 0) fail(text, field)
  const start = numberOf(first!, field)
  if (second !== undefined) return [start, numberOf(second, field)]
  return [start, hasStep ? field.most : start]
}

function numberOf(text: string, field: Field): number {
  const name = field.names?.indexOf(text.toUpperCase()) ?? -1
  if (name >= 0) return name + 1
  const number = /^\d{1,4}$/.test(text) ? Number(text) : NaN
  return number >= field.least && number <= field.most ? number : fail(text, field)
}

/** `L`, `L-3`, `LW`, `15W`, or plain days. */
function dayRule(text: string): DayRule {
  const [, offset] = /^L(?:-(\d{1,2}))?$/i.exec(text) ?? []
  if (/^L/i.test(text) && (offset !== undefined || text.length === 1)) {
    if (Number(offset ?? 0) > 30) fail(text, daysOfMonth)
    return ({ day, lastDay }) => day === Math.max(lastDay - Number(offset ?? 0), 1)
  }
  const [, nearest] = /^(L|\d{1,2})W$/i.exec(text) ?? []
  if (nearest !== undefined) {
    const wanted = /^L$/i.test(nearest) ? 31 : numberOf(nearest, daysOfMonth)
    return ({ day, weekday, lastDay }) => {
      // The weekday nearest to a day is at most two days away.
      const isNear = Math.abs(day - Math.min(wanted, lastDay)) <= 2
      return isNear && weekday >= 2 && weekday <= 6
    }
  }
  const days = numbersOf(text, daysOfMonth)
  return ({ day }) => days.has(day)
}

/** `6L`, `L`, `6#3`, or plain weekdays. */
function weekdayRule(text: string): DayRule {
  if (/^L$/i.test(text)) return ({ weekday }) => weekday === 7
  const [, last] = /^(\w+)L$/i.exec(text) ?? []
  if (last !== undefined && !daysOfWeek.names!.includes(text.toUpperCase())) {
    const wanted = numberOf(last, daysOfWeek)
    return ({ weekday, day, lastDay }) => weekday === wanted && day > lastDay - 7
  }
  const [, which, nth] = /^(\w+)#([1-5])$/.exec(text) ?? []
  if (which !== undefined) {
    const wanted = numberOf(which, daysOfWeek)
    return ({ weekday, day }) => weekday === wanted && Math.ceil(day / 7) === Number(nth)
  }
  const days = numbersOf(text, daysOfWeek)
  return ({ weekday }) => days.has(weekday)
}

/** Whether there is a day to come on which it fires; today counts while a time of it is to come, in UTC. */
function willFire(
  fires: (day: CalendarDay) => boolean,
  time: readonly ReadonlySet<number>[],
  nowMs: number,
): boolean {
  const latest = Date.UTC(lastYear, 11, 31)
  const [hour = 0, minute = 0, second = 0] = time.map((numbers) => Math.max(...numbers))
  const lastTimeMs = ((hour * 60 + minute) * 60 + second) * 1000
  const today = Math.floor(nowMs / 86_400_000) * 86_400_000
  for (let dayMs = today; dayMs <= latest; dayMs += 86_400_000) {
    if (fires(calendarDay(dayMs)) && dayMs + lastTimeMs > nowMs) return true
  }
  return false
}

function calendarDay(dayMs: number): CalendarDay {
  const date = new Date(dayMs)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1]
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return { year, month, day: date.getUTCDate(), weekday: date.getUTCDay() + 1, lastDay }
}

function fail(text: string, { name }: Field): never {
  throw new CronFault(`has "${text}" where ${name} should stand`)
}
