declare module "@/i18n/words" {
  interface Words {
    activities: typeof words;
  }
}

export const words = {
  kind: { whatsapp: "WhatsApp", sms: "SMS" },
  part: { messages: "Messages", tasks: "Tasks", files: "Files" },
  search: "Search the timeline",
  export: "Export",
  nothingFound: "Nothing of this in the timeline",
  colleagues: "Colleagues",
  with: "With whom",
  withNobody: "Nobody in particular",
  when: "When (now, if empty)",
  whenPlanned: "When, also ahead (now, if empty)",
  minutes: "Minutes",
  text: "What was said",
  addText: "Add details",
  edit: "Change {{title}}",
  remove: "Remove {{title}}",
  removed: "{{title}} removed",
  changed: "Changed what was logged",
  gone: "Removed what was logged",
  follow: {
    title: "Follow",
    following: "You follow",
    with_one: "{{label}}, {{count}} follows",
    with_other: "{{label}}, {{count}} follow",
    lead: {
      contact: "Who follows hears of stage, owner, notes and answers.",
      company: "Who follows hears of status, owner, notes and calls.",
      deal: "Who follows hears of stage, owner, its end, notes and calls.",
    },
    start: "Follow",
    stop: "No longer follow",
    who: "Who follows",
    add: "Let a colleague follow",
    remove: "{{name}} no longer follows",
  },
  problem: {
    following_of_others: "Whoever may write about a record decides for others.",
    member_blind: "Only members who may see it can follow it.",
    followers_full: "As many members follow it as there can be.",
  },
};
