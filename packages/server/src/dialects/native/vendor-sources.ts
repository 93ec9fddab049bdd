/** The sources that the vendors' doors give to events, and the door: nobody else may speak for them. */
export const vendorRoutes: ReadonlyMap<string, string> = new Map([
  ['speakeasy', 'POST /v1/workspace/{workspace}/events'],
  ['logspace', 'PUT /events'],
  ['workos', 'POST /workos/events'],
  ['webex', 'POST /webex/v1/events'],
])
