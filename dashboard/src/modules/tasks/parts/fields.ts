import * as z from "zod/mini";
import type { Schema } from "@/api/client";
import { KINDS, PRIORITIES } from "../address";
import type { Task } from "../data";

export const schema = z
  .object({
    title: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(200, "too_long")),
    kind: z.enum(KINDS),
    priority: z.enum(PRIORITIES),
    due_on: z.string().check(z.regex(/^(\d{4}-\d{2}-\d{2})?$/, "date_range")),
    due_time: z.string().check(z.regex(/^(\d{2}:\d{2})?$/, "time_invalid")),
    assignee: z.string(),
    /** Ids joined by commas. */
    collaborators: z.string(),
    /** Minutes before it is due, joined by commas. */
    reminder: z.string(),
    rule: z.string(),
    repeats: z.enum(["schedule", "after_completion"]),
    description: z.string().check(z.maxLength(5000, "too_long")),
  })
  .check(
    z.refine((v) => v.due_time === "" || v.due_on !== "", { error: "day_missing", path: ["due_on"] }),
    z.refine((v) => v.rule === "" || v.due_on !== "", { error: "day_missing", path: ["due_on"] }),
  );
export type Values = z.infer<typeof schema>;

/** What is typed, as the API takes it; `empty` stands for what was left out. */
export function bodyOf<E extends null | undefined>(values: Values, empty: E) {
  const or = (text: string): string | E => (text === "" ? empty : text);
  return {
    title: values.title,
    kind: values.kind,
    priority: values.priority,
    due_on: or(values.due_on),
    due_time: or(values.due_time),
    assignee: or(values.assignee),
    collaborators: values.collaborators.split(",").filter((one) => one !== "" && one !== values.assignee),
    // A reminder without a day says nothing.
    reminders: values.reminder === "" || values.due_on === "" ? [] : values.reminder.split(",").map(Number),
    rule: or(values.rule),
    repeats: values.repeats,
    description: or(values.description.trim()),
  } satisfies Schema["NewTask"] | Schema["TaskPatch"];
}

export const valuesOf = (task: Task): Values => ({
  title: task.title,
  kind: task.kind,
  priority: task.priority,
  due_on: task.due_on ?? "",
  due_time: task.due_time ?? "",
  assignee: task.assignee ?? "",
  collaborators: task.collaborators.join(","),
  reminder: task.reminders.join(","),
  rule: task.rule ?? "",
  repeats: task.repeats ?? "schedule",
  description: task.description ?? "",
});
