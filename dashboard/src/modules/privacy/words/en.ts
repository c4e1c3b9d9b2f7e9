declare module "@/i18n/words" {
  interface Words {
    privacy: typeof words;
  }
}

export const words = {
  new: "New request",
  newLead: "Somebody asked what you keep about them, or asked you to erase it.",
  who: "Whose data",
  whoNone: "Nobody is found for “{{query}}”.",
  kind: "Kind",
  kinds: { export: "Handing out", erasure: "Erasure" },
  all: "All",
  state: "State",
  states: { queued: "Under way", done: "Done", failed: "Failed", refused: "Refused" },
  emptyTitle: "No requests yet",
  emptyText: "When somebody asks for their data or its erasure, it is done and proven from here or from their page.",
  nobody: "A person who is not there any more",
  person: "Person",
  finished: "Finished",
  export: "Export",
  erase: "Erase",
  exportPerson: "Export this person",
  erasePerson: "Erase this person",
  exportTitle: "Export {{name}}",
  exportText: "Everything that is kept about this person is put into one file. It can be fetched for seven days.",
  eraseTitle: "Erase {{name}}",
  eraseText:
    "Contact, notes, answers, files and mails of this person are erased for good. Nothing that names the person stays; the log keeps what happened, without a name. This cannot be taken back.",
  reason: "Why",
  reasonHelp: "For your records. After an erasure it is gone, too.",
  queuedText: "This takes a moment. You can close this; it goes on.",
  exportDone: "The file can be fetched until {{when}}.",
  documentGone: "The file is deleted by now. Ask for a new one.",
  eraseDone: "Nothing names the person any more. This is what was erased:",
  refusedText: "The person came under legal hold before it was done. Nothing was erased.",
  failedText: "It could not be done. Nothing was changed.",
  download: "Download",
  proof: "Proof",
  sameAddress_one: "Another contact has one of the same addresses and was not touched:",
  sameAddress_other: "{{count}} other contacts have one of the same addresses and were not touched:",
  heldTitle: "{{name}} is under legal hold",
  heldText:
    "As long as the hold lasts, nothing of this person may be deleted or erased. Whoever handles privacy requests can end it.",
  legalHold: "Legal hold",
  hold: "Set the hold",
  holdTitle: "Put {{name}} under legal hold?",
  holdText:
    "Until the hold ends, this person can be neither deleted nor erased: for a lawsuit, or when the law says so.",
  holdReason: "Why it must be kept",
  heldNow: "Under legal hold",
  release: "End the hold",
  releaseTitle: "End the legal hold of {{name}}?",
  releaseText: "The person can then be deleted and erased again. It was kept because:",
  released: "Legal hold ended",
  problem: {
    contact_on_hold: "The person is under legal hold. End the hold first.",
  },
};
