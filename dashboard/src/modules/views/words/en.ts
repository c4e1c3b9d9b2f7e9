declare module "@/i18n/words" {
  interface Words {
    views: typeof words;
  }
}

export const words = {
  label: "Saved views",
  all: "All",
  audience: "Who has it",
  who: { private: "Only me", team: "My teams", everyone: "Everybody" },
  name: "Name of the view",
  saved: "{{name}} saved",
  saveNew: "Save as new view",
  update: "Update view",
  changed: "Unsaved changes",
  discard: "Discard",
  menu: "Change the view {{name}}",
  rename: "Rename or share",
  first: "Open first",
  unfirst: "Do not open first",
  isFirst: "{{name}} opens first",
  notFirst: "{{name}} no longer opens first",
  sooner: "Move forward",
  later: "Move back",
  delete: "Delete view",
  deletedNow: "{{name}} deleted",
};
