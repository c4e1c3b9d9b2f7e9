import type { Definition } from "./builder/model";

/** A form to begin with. Its words are those of the reader and can all be changed. */
export interface Template {
  id: "blank" | "contact" | "quote" | "booking" | "feedback" | "newsletter";
  draft: (word: (key: string) => string) => Definition;
}

const option = (word: (key: string) => string, ...keys: string[]) =>
  keys.map((key) => ({ value: key, label: word(`option.${key}`) }));

export const TEMPLATES: readonly Template[] = [
  { id: "blank", draft: () => ({ version: 0, steps: [{ key: "main", fields: [] }], rules: [] }) },
  {
    id: "contact",
    draft: (word) => ({
      version: 0,
      title: word("contactTitle"),
      submit_label: word("send"),
      steps: [
        {
          key: "main",
          fields: [
            { key: "name", type: "text", label: word("name"), required: true, maps_to: "name" },
            { key: "email", type: "email", label: word("email"), required: true, maps_to: "email" },
            { key: "message", type: "long_text", label: word("message"), required: true },
          ],
        },
      ],
      rules: [],
      outcome: { kind: "message", title: word("thanks"), body: word("thanksText") },
    }),
  },
  {
    id: "quote",
    draft: (word) => ({
      version: 0,
      title: word("quoteTitle"),
      description: word("quoteText"),
      submit_label: word("quoteSend"),
      steps: [
        {
          key: "job",
          title: word("quoteJob"),
          fields: [
            {
              key: "kind",
              type: "radio",
              label: word("quoteKind"),
              required: true,
              options: option(word, "new", "repair", "advice"),
            },
            { key: "details", type: "long_text", label: word("quoteDetails"), hidden: true },
            {
              key: "photos",
              type: "file",
              label: word("quotePhotos"),
              accept: ["image/*", "application/pdf"],
              max_files: 5,
            },
            { key: "when", type: "select", label: word("quoteWhen"), options: option(word, "soon", "month", "later") },
          ],
        },
        {
          key: "you",
          title: word("you"),
          fields: [
            { key: "name", type: "text", label: word("name"), required: true, maps_to: "name" },
            { key: "email", type: "email", label: word("email"), required: true, maps_to: "email" },
            { key: "phone", type: "phone", label: word("phone"), maps_to: "phone" },
            { key: "agree", type: "consent", text: word("agree"), required: true },
            { key: "source", type: "hidden", param: "utm_source" },
          ],
        },
      ],
      rules: [
        {
          when: { field: "kind", op: "eq", value: "repair" },
          then: [
            { action: "show", target: "details" },
            { action: "require", target: "details" },
          ],
        },
      ],
      outcome: { kind: "message", title: word("thanks"), body: word("thanksText") },
    }),
  },
  {
    id: "booking",
    draft: (word) => ({
      version: 0,
      title: word("bookingTitle"),
      submit_label: word("bookingSend"),
      steps: [
        {
          key: "visit",
          title: word("bookingVisit"),
          fields: [
            { key: "day", type: "date", label: word("bookingDay"), required: true },
            {
              key: "part",
              type: "radio",
              label: word("bookingPart"),
              required: true,
              options: option(word, "morning", "afternoon", "evening"),
            },
            { key: "people", type: "number", label: word("bookingPeople"), min: 1, max: 20, step: 1 },
          ],
        },
        {
          key: "you",
          title: word("you"),
          fields: [
            { key: "first_name", type: "text", label: word("firstName"), required: true, maps_to: "first_name" },
            { key: "last_name", type: "text", label: word("lastName"), required: true, maps_to: "last_name" },
            { key: "phone", type: "phone", label: word("phone"), required: true, maps_to: "phone" },
            { key: "note", type: "long_text", label: word("note") },
          ],
        },
      ],
      rules: [],
      outcome: { kind: "message", title: word("thanks"), body: word("bookingThanks") },
    }),
  },
  {
    id: "feedback",
    draft: (word) => ({
      version: 0,
      title: word("feedbackTitle"),
      submit_label: word("send"),
      steps: [
        {
          key: "visit",
          title: word("feedbackVisit"),
          fields: [
            { key: "stars", type: "rating", label: word("feedbackStars"), required: true },
            {
              key: "liked",
              type: "multi",
              label: word("feedbackLiked"),
              options: option(word, "people", "work", "price", "time"),
            },
          ],
        },
        {
          key: "wrong",
          title: word("feedbackWrong"),
          fields: [{ key: "better", type: "long_text", label: word("feedbackBetter") }],
        },
        {
          key: "you",
          title: word("you"),
          fields: [
            { key: "email", type: "email", label: word("email"), maps_to: "email", help: word("feedbackEmail") },
          ],
        },
      ],
      rules: [
        { when: { field: "stars", op: "gte", value: 4 }, then: [{ action: "jump", from: "visit", target: "you" }] },
      ],
      outcome: { kind: "message", title: word("thanks"), body: word("feedbackThanks") },
    }),
  },
  {
    id: "newsletter",
    draft: (word) => ({
      version: 0,
      title: word("newsTitle"),
      submit_label: word("newsSend"),
      steps: [
        {
          key: "main",
          fields: [
            { key: "first_name", type: "text", label: word("firstName"), maps_to: "first_name" },
            { key: "email", type: "email", label: word("email"), required: true, maps_to: "email" },
            { key: "newsletter", type: "consent", text: word("newsAgree"), required: true },
            { key: "campaign", type: "hidden", param: "utm_campaign" },
          ],
        },
      ],
      rules: [],
      outcome: { kind: "message", title: word("thanks"), body: word("newsThanks") },
    }),
  },
];
