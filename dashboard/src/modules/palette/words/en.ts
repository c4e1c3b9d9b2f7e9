declare module "@/i18n/words" {
  interface Words {
    palette: typeof words;
  }
}

export const words = {
  label: "Search or jump to",
  placeholder: "Where to?",
  help: "Arrows move, Enter opens. Begin with > for actions, @ for people, # for tags.",
  pages: "Pages",
  actions: "Do",
  recent: "Recent",
  nothing: "Nothing found for “{{query}}”.",
  count_one: "{{count}} line",
  count_other: "{{count}} lines",
  move: "move",
  choose: "open",
  apart: "new tab",
  onlyActions: "actions",
  onlyPeople: "people",
  onlyTags: "tags",
  theme: "Switch day and night",
  workIn: "Work in {{name}}",
  density: "Change the density",
};
