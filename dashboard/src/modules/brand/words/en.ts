declare module "@/i18n/words" {
  interface Words {
    brand: typeof words;
  }
}

export const words = {
  what: "Look",
  own: "own",
  standard: "as it comes",
  inherited: "as the agency",
  name: "Product name",
  nameHelp: "What people read here and in mails; the account’s own name when empty.",
  logo: "Logo",
  logoHelp: "Address of a picture, with https. Mails and widgets show it.",
  pick: "Pick a colour",
  colour: "Accent colour",
  textOn: "Text on it reads well: contrast {{ratio}}.",
  seen: "Buttons are easy to see on white: contrast {{ratio}}.",
  pale: "Buttons are hard to see on white: contrast {{ratio}}, 3 is better.",
  console:
    "In the console its hue and strength are worn; how light it is stays ours, so that everything can be read by day and night.",
  sky: "Overview",
  skyHelp: "What the overview of a client begins with.",
  skyUsual: "As usual: the day as a sky",
  skyInherited: "As the agency has it",
  skyOn: "The day as a sky",
  skyOff: "Plain, without a sky",
  legal: "Legal links",
  legalNote: "under mails, forms and hosted pages",
  noLinks: "None yet. Terms, privacy policy and imprint belong here.",
  linkLabel: "What it says",
  linkUrl: "Where it leads",
  reset: "Reset",
  wasReset: "Brand reset",
  preview: "Preview",
  inConsole: "In the console",
  inMail: "In a mail",
  inWidget: "In a widget",
  sample: "Three answers came in.",
  sampleLink: "Open them",
  mailText: "You were invited to work here.",
  mailButton: "Accept",
  send: "Send",
  upload: "Upload a logo",
  uploadHelp: "PNG, JPEG or WebP, at most 256 KB.",
  problem: {
    logo_kind: "Take a PNG, JPEG or WebP picture.",
    logo_large: "Take a picture of at most 256 KB.",
    url_invalid: "Write an address that starts with https://.",
    color_invalid: "Write a colour like #2f5d50.",
    contrast: "Text in these colours is hard to read.",
  },
};
