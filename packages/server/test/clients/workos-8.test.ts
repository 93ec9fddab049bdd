import { WorkOS } from 'workos-8'
import {
  shownConnection,
  shownOrganization,
  shownSessionFully,
  shownUserFully,
} from './workos-payloads.ts'
import { judge } from './workos-suite.ts'

judge({
  name: '@workos-inc/node 8',
  connect: (key, options) => new WorkOS(key, options).events,
  shown: {
    user: shownUserFully,
    connection: shownConnection,
    organization: shownOrganization,
    session: shownSessionFully,
  },
  passesUnknownTypes: false,
  filtersByOrganization: true,
})
