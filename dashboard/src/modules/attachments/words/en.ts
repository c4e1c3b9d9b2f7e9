declare module "@/i18n/words" {
  interface Words {
    attachments: typeof words;
  }
}

export const words = {
  title: "Files",
  add: "Add files",
  none: "No files yet. Let some fall here.",
  download: "Download {{name}}",
  remove: "Remove {{name}}",
  removed: "{{name}} removed",
  failed: "{{name}} was not kept",
  lost: "{{name}} could not be downloaded",
  sending_one: "Sending a file",
  sending_other: "Sending {{count}} files",
  scan: {
    pending: "Being scanned; it can be downloaded afterwards",
    infected: "The virus scanner found something: nobody can download it",
    failed: "The virus scanner gave no answer: nobody can download it",
  },
  problem: {
    file_scanning: "The virus scanner has not looked through it yet.",
    file_quarantined: "The virus scanner found something in it.",
    file_scan_failed: "The virus scanner gave no answer about it.",
    plan_limit: "The plan's storage is used up.",
    file_unknown: "It was held back by a scanner, or is kept somewhere already.",
    too_many_attachments: "There are 200 files here; remove some first.",
    too_large: "This file is larger than what is taken here.",
  },
};
