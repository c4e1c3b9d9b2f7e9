declare module "@/i18n/words" {
  interface Words {
    settings: typeof words;
  }
}

export const words = {
  title: "Settings",
  search: "Search the settings",
  none: "No setting is called “{{query}}”",
  noneText: "Another word may find it: every page and every field on it is searched.",
  all: "All settings",
  fields: "On this page: {{fields}}",
  groups: {
    place: "This account",
    people: "People and access",
    reach: "Looks and websites",
    connect: "Connections",
    record: "Records and privacy",
  },
  /** Fields are separated by semicolons; they are only for the search. */
  sections: {
    general: {
      title: "General",
      text: "Name, time zone, language and money of this account.",
      fields: "Name; Name in addresses; Time zone; Language; Country; Currency",
    },
    plan: {
      title: "Plan and limits",
      text: "What the plan includes and how much of it is used.",
      fields: "Plan; Trial; Usage; Limits; Modules; Price",
    },
    team: {
      title: "Team",
      text: "Who works here, in which teams, and who is invited.",
      fields: "Members; Invitations; Teams; Invite; Remove a member",
    },
    roles: {
      title: "Roles",
      text: "What each role reaches.",
      fields: "Roles; Permissions; Own role",
    },
    access: {
      title: "Why may I",
      text: "Which role lets a person do what, and how far.",
      fields: "Access; Permission; Explain",
    },
    visits: {
      title: "Who was inside",
      text: "Who worked here, or from here in a client, in somebody's place, and why.",
      fields: "Impersonation; Enter a client; Visits; End a visit",
    },
    brand: {
      title: "Brand",
      text: "Name, mark and colour that people see instead of ours.",
      fields: "Logo; Mark; Product name; Accent colour; Sign-in page; Sky",
    },
    domains: {
      title: "Allowed websites",
      text: "Where widgets may be shown. Everywhere else they stay invisible.",
      fields: "Domains; Websites; Origins; Wildcard; Allow a website",
    },
    audit: {
      title: "Audit log",
      text: "Who did what and when, in a chain that shows every change to it.",
      fields: "History; Verification; Export; Who did it",
    },
  },
  general: {
    own: "What people read",
    ownNote: "here, in mails and in addresses",
    name: "Name",
    slug: "Name in addresses",
    slugHelp: "3 to 63 lower-case letters, digits and hyphens.",
    where: "Where and how",
    whereNote: "how times, phone numbers and money are read and written",
    zone: "Time zone",
    zoneHelp: "It is {{time}} there.",
    language: "Language",
    languageHelp: "Of mails and forms, unless somebody chose another.",
    country: "Country",
    countryHelp: "How phone numbers without a country code are read.",
    noCountry: "None",
    currency: "Currency",
    currencyHelp: "Amounts that exist are not converted.",
    readOnly: "Your role may read this, not change it.",
    newer: "{{field}} is “{{value}}” by now.",
    about: "About this account",
    id: "Id",
    state: "State",
    since: "Open since",
    agency: "Agency",
    client: "Client",
    kind: "Kind",
    states: {
      active: "Active",
      read_only: "Read only",
      suspended: "Suspended",
      moving: "Being moved",
      restoring: "Being restored",
      deleting: "Being deleted",
    },
  },
};
