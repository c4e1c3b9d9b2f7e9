declare module "@/i18n/words" {
  interface Words {
    mails: typeof words;
  }
}

export const words = {
  all: "All",
  state: "State",
  states: { sent: "Sent", queued: "Waiting", sending: "Being sent", failed: "Failed" },
  search: "Search by address",
  about: "About",
  emptyTitle: "No mails yet",
  emptyText: "Notices to your team and answers to visitors appear here with what became of them.",
  erased: "The person was erased",
  notYet: "Address not known yet",
  next_one: "Tried {{count}} time; again {{when}}",
  next_other: "Tried {{count}} times; again {{when}}",
  retry: "Try again",
  retried: "Trying again",
  templates: {
    new_submission: "A form was answered",
    form_autoreply: "Answer to a visitor",
    invitation: "Invitation",
    security_notice: "Security notice",
    verify_email: "Address to be proven",
    reset_password: "Forgotten password",
    greeting: "Greeting",
    digest: "Several notices at once",
    generic: "Message",
  },
  problem: { mail_not_failed: "It is already on its way, or no longer kept." },
  one: "Mail",
  subject: "Subject",
  subjectLater: "Known once it is sent",
  to: "To",
  queuedAt: "Queued",
  tries: "Tries",
  sentAt: "Sent",
  nextAt: "Next try",
  serverSaid: "The mail server said",
  id: "Id",
};
