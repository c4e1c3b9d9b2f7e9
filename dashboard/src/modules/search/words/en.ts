declare module "@/i18n/words" {
  interface Words {
    search: typeof words;
  }
}

export const words = {
  said: "Notes and messages",
  answers: "Answers to forms",
  note: "Note",
  about: "about {{name}}",
};
