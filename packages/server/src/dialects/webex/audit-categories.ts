/**
 * Names that `GET /v1/adminAudit/eventCategories` gives (contract 1.8). The live service had 34 of
 * them on 2026-03-19 (achobgood/wxops, `docs/reference/admin-audit-security.md`). No list was
 * found, so these are the ones that were seen somewhere:
 *
 * - `LOGINS`, `LOGOUT`: Webex's OpenAPI document (`public-spec/webex-admin.json`), and captures
 * - `USERS`, `WEBEX_CALLING`, `DEVICES`, `LICENSE`, `LOCATIONS`: wxops, as above; `USERS` also on
 *   help.webex.com/article/no43ugs
 * - `ORG_SETTINGS`: a capture of demisto/content (`test_data/admin_audits.json`), and
 *   help.webex.com/article/nukajrt
 * - `INTEGRATION`, `WEBEX_IDENTITY`: a capture of 2026-09-23 in a lab guide (Control Hub's APIs
 *   with Bruno), with `LOGINS`, `LOGOUT`, `ORG_SETTINGS` and `USERS` beside them
 */
export const auditCategories: readonly string[] = [
  'DEVICES',
  'INTEGRATION',
  'LICENSE',
  'LOCATIONS',
  'LOGINS',
  'LOGOUT',
  'ORG_SETTINGS',
  'USERS',
  'WEBEX_CALLING',
  'WEBEX_IDENTITY',
]
