import { WorkOS } from 'workos-4'
import { shownConnection, shownUser } from './workos-payloads.ts'
import { judge } from './workos-suite.ts'

judge({
  name: '@workos-inc/node 4',
  connect: (key, options) => new WorkOS(key, options).events,
  shown: {
    user: shownUser,
    connection: { ...shownConnection, connectionType: 'OktaSAML' },
    organization: undefined,
    session: undefined,
  },
  passesUnknownTypes: false,
  filtersByOrganization: false,
})
