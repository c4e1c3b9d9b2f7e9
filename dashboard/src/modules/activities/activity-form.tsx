import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { moment, wallClock } from "../forms/builder/zoned";

/** What is logged by hand. */
export type Logged = "call" | "meeting" | "email" | "whatsapp" | "sms";
const MESSAGE = ["outbound", "proposal", "quote", "invoice", "inbound"] as const;
const TURNS = {
  call: ["answered", "unanswered", "inbound"],
  email: MESSAGE,
  whatsapp: MESSAGE,
  sms: MESSAGE,
  meeting: [],
} as const;
type Turn = (typeof TURNS)[Logged][number];
export type Body = Omit<Schema["NewActivity"], "kind" | "title">;

/** From whom it came, what it was about and whether anybody answered: what follow-ups go by. */
const turnOf = (turn: Turn | undefined): Body => {
  if (!turn) return {};
  if (turn === "inbound") return { direction: "inbound" };
  const topic = turn === "proposal" || turn === "quote" || turn === "invoice" ? { topic: turn } : {};
  const outcome = turn === "answered" ? "answered" : turn === "unanswered" ? "no answer" : undefined;
  return { direction: "outbound", ...topic, ...(outcome && { outcome }) };
};

/** The turn that was chosen when this was logged. */
function turnBefore(kind: Logged, was: Schema["ActivityExcerpt"]): Turn | undefined {
  if (kind === "meeting") return undefined;
  if (was.direction === "inbound") return "inbound";
  if (kind === "call") return was.outcome === "no answer" ? "unanswered" : "answered";
  return (was.topic as Turn | null | undefined) ?? "outbound";
}
const FIXED = ["answered", "no answer"];

interface Props {
  kind: Logged;
  title: string;
  onTitle: (title: string) => void;
  /** What it says so far, when it is changed. */
  was?: Schema["ActivityExcerpt"];
  people?: { id: string; name: string }[];
  busy: boolean;
  action: string;
  /** Beside the button. */
  beside?: ReactNode;
  onDone: (body: Body) => void;
}

/** A call, a meeting or a message: what about, from whom, when, how long and how it ended. */
export function ActivityForm({ kind, title, onTitle, was, people = [], busy, action, beside, onDone }: Props) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const turns: readonly Turn[] = TURNS[kind];
  const [turn, setTurn] = useState<Turn | undefined>(was ? turnBefore(kind, was) : turns[0]);
  const [outcome, setOutcome] = useState(was?.outcome && !FIXED.includes(was.outcome) ? was.outcome : "");
  const [minutes, setMinutes] = useState(was?.duration_seconds ? String(Math.round(was.duration_seconds / 60)) : "");
  const before = was ? wallClock(was.occurred_at, zone) : "";
  const [when, setWhen] = useState(before);
  const [text, setText] = useState(was?.body ?? "");
  const [more, setMore] = useState(Boolean(was?.body));
  const [person, setPerson] = useState(people[0]?.id ?? "");
  const lasts = kind === "call" || kind === "meeting";
  const send = () => {
    if (!title.trim() || busy) return;
    const at = when && when !== before ? moment(when, zone) : undefined;
    onDone({
      ...turnOf(turn),
      ...(outcome.trim() && turn !== "unanswered" && { outcome: outcome.trim() }),
      ...(minutes && { duration_seconds: Math.round(Number(minutes) * 60) }),
      ...(at && { occurred_at: at }),
      ...(text.trim() && { body: text.trim() }),
      ...(!was && person && { contact: person }),
    });
  };
  const look = `${inputLook} ${inputHeight}`;
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <input
        value={title}
        onChange={(event) => onTitle(event.target.value)}
        aria-label={t("contacts.activityTitle")}
        placeholder={t("contacts.activityTitle")}
        maxLength={200}
        className={`${look} min-w-40 flex-2`}
      />
      {turns.length > 0 && (
        <span className="min-w-36 flex-1">
          <Select
            value={turn}
            onChange={(event) => setTurn(event.target.value as Turn)}
            aria-label={t("contacts.activityTurn")}
          >
            {turns.map((value) => (
              <option key={value} value={value}>
                {t(`contacts.turn.${value}`)}
              </option>
            ))}
          </Select>
        </span>
      )}
      <input
        value={outcome}
        onChange={(event) => setOutcome(event.target.value)}
        aria-label={t("contacts.activityOutcome")}
        placeholder={t("contacts.activityOutcome")}
        maxLength={100}
        className={`${look} min-w-36 flex-1`}
      />
      {people.length > 0 && !was && (
        <span className="min-w-36 flex-1">
          <Select value={person} onChange={(event) => setPerson(event.target.value)} aria-label={t("activities.with")}>
            {people.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
            <option value="">{t("activities.withNobody")}</option>
          </Select>
        </span>
      )}
      <label className="min-w-48 flex-1 text-cap text-muted">
        <span className="mb-1 block">{t(lasts ? "activities.whenPlanned" : "activities.when")}</span>
        <input
          type="datetime-local"
          value={when}
          onChange={(event) => setWhen(event.target.value)}
          className={`${look} num`}
        />
      </label>
      {lasts && (
        <label className="w-28 text-cap text-muted">
          <span className="mb-1 block">{t("activities.minutes")}</span>
          <input
            type="number"
            inputMode="numeric"
            min={0}
            max={10080}
            value={minutes}
            onChange={(event) => setMinutes(event.target.value)}
            className={`${look} num`}
          />
        </label>
      )}
      {more ? (
        <textarea
          value={text}
          dir="auto"
          onChange={(event) => setText(event.target.value)}
          aria-label={t("activities.text")}
          placeholder={t("activities.text")}
          maxLength={10_000}
          rows={3}
          className={`${inputLook} basis-full py-2 [field-sizing:content]`}
        />
      ) : (
        <Button look="ghost" onClick={() => setMore(true)}>
          {t("activities.addText")}
        </Button>
      )}
      <span className="ms-auto flex gap-2">
        {beside}
        <Button type="submit" look="primary" busy={busy} disabled={!title.trim()}>
          {action}
        </Button>
      </span>
    </form>
  );
}
