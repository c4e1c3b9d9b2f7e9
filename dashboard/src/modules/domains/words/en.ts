declare module "@/i18n/words" {
  interface Words {
    domains: typeof words;
  }
}

export const words = {
  add: "Add a domain",
  addLead: "A name that you own, such as crm.agency.com. It stays as it is until you set two records in its DNS.",
  host: "Name",
  hostHelp: "Without https:// and without a path.",
  added: "{{host}} was added",
  emptyTitle: "No domain of your own yet",
  emptyText: "Your team and your clients sign in at your address then, and see nobody else’s name there.",
  state: {
    pending: "Waiting for its records",
    active: "Active",
    failing: "Records are gone",
    removed: "No longer looked for",
  },
  stateText: {
    pending: "Set these records where the name is managed. They often take minutes to be seen, sometimes a day.",
    active: "People sign in at this address. Passkeys work at the address where they were made.",
    failing: "It is still served for a week, and links in mails name another address. Set the records again.",
    removed: "Its records were not found for too long, so it is not served. Set them, then look again.",
  },
  primary: "In links",
  makePrimary: "Name it in links",
  madePrimary: "Links in mails name {{host}}",
  look: "Look again",
  open: "Open {{host}}",
  record: "{{kind}} record",
  name: "Name",
  value: "Value",
  result: {
    right: "Found",
    missing: "Not there yet",
    wrong: "Something else is there",
    taken: "Proven by another account",
    unknown: "Not looked yet",
  },
  foundInstead: "Found instead: {{what}}",
  looked: "Looked {{when}}",
  next: "looks again by itself",
  remove: "Remove {{host}}?",
  removeText:
    "Nothing is served at this address any more: links that were sent with it lead nowhere, whoever is signed in there has to sign in elsewhere, and passkeys made there are of no use.",
  removed: "{{host}} was removed",
  problem: {
    domain_name: "Write a name such as crm.agency.com, without a port.",
    domain_reserved: "This name is the platform’s own. Write one of yours.",
    domain_exists: "You have added this name before.",
    domain_taken: "Another account has proven that this name is its own.",
    domain_count: "There is room for no more domains. Remove one first.",
    domains_unavailable: "This platform has no name that a domain could point to.",
    domain_not_active: "Links can name it once its records are right.",
    origin_public_suffix: "Other people’s websites live under this name; write your own.",
    origin_path: "Remove everything after the name.",
    origin_host_character: "A name has letters, digits, hyphens and dots only.",
    origin_wildcard_form: "Write one name, without a star.",
  },
};
