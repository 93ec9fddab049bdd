import { WorkOS } from 'workos-7'
import {
  shownConnection,
  shownOrganization,
  shownSessionFully,
  shownUserFully,
} from './workos-payloads.ts'
import { judge } from './workos-suite.ts'

judge({
  name: '@workos-inc/node 7',
  connect: (key, options) => new WorkOS(key, options).events,
  shown: {
    user: shownUserFully,
    connection: { ...shownConnection, connectionType: 'OktaSAML' },
    organization: shownOrganization,
    session: shownSessionFully,
  },
  passesUnknownTypes: false,
  filtersByOrganization: true,
})
