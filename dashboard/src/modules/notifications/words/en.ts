import said from "@notices/en.json";

declare module "@/i18n/words" {
  interface Words {
    notifications: typeof words;
  }
}

/** The shell has the words of the bell; these are the page's. */
export const words = {
  /** What happened, as the server says it on devices and in mails. */
  said,
  read: "Read",
  away: "Put away",
  module: "Module",
  kindLabel: "Kind",
  kind: {
    note_mention: "Note that names you",
    follower_news: "News of what you follow",
    deal_assigned: "Deal that is yours now",
    deal_unassigned: "Deal that nobody could take",
    deal_step_due: "Next step of a deal that is due",
    task_assigned: "Task for you",
    task_shared: "Task that you share",
    occasion_renewal: "Renewal that is near",
    file_infected: "File with a virus",
    file_scan_failed: "File that could not be scanned",
    trial_ending: "Trial that ends soon",
    trial_ended: "Trial that is over",
    domain_active: "Domain that is served",
    domain_failing: "Domain whose records are gone",
    domain_given_up: "Domain that is no longer looked for",
    submission_received: "New submission",
    submission_quarantined: "Submission to look at",
    task_reminder: "Reminder of a task",
    follow_up_fired: "Follow-up that became a task",
    occasion_notice: "Occasion that is near",
    greeting_waiting: "Greetings that wait for approval",
    webhook_disabled: "Webhook switched off",
  },
  preferences: "Preferences",
  keyRead: "Mark as read or unread",
  bringBack: "Bring back",
  broughtBack: "Brought back",
  emptyRead: "Nothing read yet",
  emptyAway: "Nothing put away",
  noneFilter: "No notification fits these filters",
  earlier_one: "{{count}} earlier about the same",
  earlier_other: "{{count}} earlier about the same",
  why: "Why did I get this?",
  whyCritical: "It concerns security or something that stopped working. Such news are always told.",
  whyModule: "You are told in the app about {{module}}.",
  whyChange: "Change what you are told",
  openBatch: "Open the greetings",
  mails: "E-mails about it",
  mailsNone: "None was sent.",
  mailState: { queued: "Waiting", sending: "Being sent", sent: "Sent", failed: "Failed" },
};
