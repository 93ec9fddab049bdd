import { WorkOS } from 'workos-6'
import { shownConnection, shownSession, shownUser } from './workos-payloads.ts'
import { judge } from './workos-suite.ts'

judge({
  name: '@workos-inc/node 6',
  connect: (key, options) => new WorkOS(key, options).events,
  shown: {
    user: { ...shownUser, profilePictureUrl: null },
    connection: { ...shownConnection, connectionType: 'OktaSAML' },
    organization: undefined,
    session: shownSession,
  },
  passesUnknownTypes: false,
  filtersByOrganization: false,
})
