import { WorkOS } from 'workos-11'
import {
  shownConnection,
  shownOrganization,
  shownSessionFully,
  shownTimes,
  shownUserFully,
} from './workos-payloads.ts'
import { judge } from './workos-suite.ts'

judge({
  name: '@workos-inc/node 11',
  connect: (key, options) => new WorkOS(key, options).events,
  shown: {
    user: { ...shownUserFully, name: 'Ada Pear' },
    connection: shownConnection,
    organization: {
      ...shownOrganization,
      domains: [{ ...shownOrganization.domains[0], ...shownTimes }],
    },
    session: shownSessionFully,
  },
  passesUnknownTypes: true,
  filtersByOrganization: true,
})
