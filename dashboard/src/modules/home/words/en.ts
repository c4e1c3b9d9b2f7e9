declare module "@/i18n/words" {
  interface Words {
    home: typeof words;
  }
}

export const words = {
  title: "Overview",
  morning: "Good morning, {{name}}",
  afternoon: "Good afternoon, {{name}}",
  evening: "Good evening, {{name}}",
  calm: "Nothing waits for you.",
  waiting_one: "{{count}} notification waits for you.",
  waiting_other: "{{count}} notifications wait for you.",
  newest: "Newest contacts",
  newestNote: "latest first",
  openContacts: "Open contacts",
  attention: "Clients that need attention",
  attentionNone: "All clients are on course",
  attentionNoneText: "A client that is stopped, or whose widgets are refused, appears here.",
  openClients: "Open clients",
  needs: "Unread",
};
