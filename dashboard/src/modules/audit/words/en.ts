declare module "@/i18n/words" {
  interface Words {
    audit: typeof words;
  }
}

export const words = {
  who: "Who",
  what: "What",
  from: "From",
  to: "To",
  empty: "Nothing was recorded yet",
  emptyText: "Every change in this account is written here, for good.",
  account: "the account",
  behalf: "in the place of {{name}}",
  gone: { destroyed: "destroyed", elsewhere: "not a client of yours" },
  kinds: {
    user: "Somebody of the agency",
    api_key: "An API key",
    visitor: "A visitor",
    system: "The system",
    admin: "The platform",
  },
  verification: "Verification",
  verify: "Verify",
  unchecked:
    "Each entry carries the hash of the one before. Verifying reads them all and says whether one was changed, taken out or put in.",
  valid_one: "Nothing was changed: {{formatted}} entry fits.",
  valid_other: "Nothing was changed: all {{formatted}} entries fit.",
  broken: "The log was changed.",
  brokenAt: "The log was changed: entry {{at}} does not fit.",
  root: "Keep this to prove it later:",
  subjects: {
    contacts: "Contacts",
    notes: "Notes",
    forms: "Forms",
    submissions: "Submissions",
    members: "Members",
    invitations: "Invitations",
    roles: "Roles",
    teams: "Teams",
    impersonations: "Visits in somebody’s place",
    sessions: "Sign-ins",
    api_keys: "API keys",
    tenants: "Account and clients",
    brands: "Brand",
    widgets: "Widgets",
    origins: "Allowed websites",
    webhooks: "Webhooks",
    data_requests: "Data requests",
  },
};
