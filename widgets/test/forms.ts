/** Forms the browser tests draw. */
import type { Form } from "../form/src/types";

export const contact: Form = {
  version: 3,
  title: "Ask for a quote",
  description: "Two minutes now, a fixed price within a day.",
  submit_label: "Send request",
  steps: [
    {
      key: "main",
      fields: [
        { key: "name", type: "text", label: "Your name", required: true, maps_to: "name" },
        {
          key: "mail",
          type: "email",
          label: "Email",
          required: true,
          maps_to: "email",
          help: "Only for the answer to this request.",
        },
        {
          key: "kind",
          type: "radio",
          label: "What is it about?",
          required: true,
          options: [
            { value: "roof", label: "A new roof" },
            { value: "repair", label: "A repair" },
          ],
        },
        {
          key: "note",
          type: "long_text",
          label: "Anything we should know",
          placeholder: "A leak above the kitchen, since Monday",
        },
        { key: "src", type: "hidden", param: "utm_source" },
        { key: "plan", type: "hidden", param: "plan" },
        {
          key: "ok",
          type: "consent",
          required: true,
          text: "I agree that my details are used to answer this request. See https://example.com/privacy.",
        },
      ],
    },
  ],
  rules: [{ when: { field: "kind", op: "eq", value: "repair" }, then: [{ action: "require", target: "note" }] }],
  outcome: { kind: "message", title: "Request received", body: "Ruth will call you before noon tomorrow." },
};

export const long: Form = {
  version: 7,
  title: "Book an assessment",
  description: "A few questions, so the first hour is yours.",
  submit_label: "Send",
  steps: [
    {
      key: "you",
      title: "About you",
      fields: [
        { key: "first", type: "text", label: "First name", required: true, maps_to: "first_name" },
        { key: "tel", type: "phone", label: "Phone", maps_to: "phone", placeholder: "+44 1632 960114" },
        { key: "born", type: "date", label: "Date of birth", required: true },
      ],
    },
    {
      key: "pain",
      title: "What hurts",
      fields: [
        {
          key: "where",
          type: "multi",
          label: "Where",
          required: true,
          options: [
            { value: "knee", label: "Knee" },
            { value: "back", label: "Back" },
            { value: "neck", label: "Neck" },
            { value: "other", label: "Somewhere else" },
          ],
        },
        { key: "other", type: "text", label: "Where exactly", hidden: true },
        { key: "level", type: "rating", label: "How bad is it", max: 10, required: true },
        { key: "weeks", type: "number", label: "For how many weeks", min: 0, max: 520 },
      ],
    },
    {
      key: "scan",
      title: "Scans",
      fields: [
        { key: "info", type: "section", label: "Bring what you have", text: "A phone photo of a scan is fine." },
        {
          key: "files",
          type: "file",
          label: "Scans",
          accept: ["image/*", "application/pdf"],
          max_bytes: 5_000_000,
          max_files: 2,
        },
      ],
    },
    {
      key: "last",
      title: "Last things",
      fields: [
        {
          key: "from",
          type: "select",
          label: "How did you find us",
          options: [
            { value: "friend", label: "A friend" },
            { value: "web", label: "Search" },
          ],
        },
        { key: "stars", type: "rating", label: "How was booking so far" },
        { key: "news", type: "checkbox", label: "Remind me by text message" },
        { key: "ok", type: "consent", required: true, text: "I agree to the treatment terms." },
      ],
    },
  ],
  rules: [
    {
      when: { field: "where", op: "contains", value: "other" },
      then: [
        { action: "show", target: "other" },
        { action: "require", target: "other" },
      ],
    },
    { when: { field: "level", op: "lt", value: 4 }, then: [{ action: "jump", from: "pain", target: "last" }] },
  ],
};

export const arabic: Form = {
  version: 1,
  title: "اطلب عرض سعر",
  description: "دقيقتان الآن، وسعر ثابت خلال يوم.",
  steps: [
    {
      key: "a",
      title: "عنك",
      fields: [
        { key: "name", type: "text", label: "اسمك", required: true },
        { key: "mail", type: "email", label: "البريد الإلكتروني", required: true },
      ],
    },
    {
      key: "b",
      title: "الطلب",
      fields: [
        { key: "kind", type: "select", label: "النوع", options: [{ value: "x", label: "سقف جديد" }] },
        { key: "n", type: "number", label: "المساحة", min: 10 },
      ],
    },
  ],
};
