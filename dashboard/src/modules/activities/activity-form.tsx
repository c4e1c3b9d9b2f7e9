import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { type Filled, type Logged, TURNS, type Turn } from "./activity-draft";

interface Props {
  kind: Logged;
  title: string;
  onTitle: (title: string) => void;
  /** How it opens. */
  before: Filled;
  /** With whom it may have been; nobody is asked when it is changed. */
  people?: { id: string; name: string }[];
  busy: boolean;
  action: string;
  /** Beside the button. */
  beside?: ReactNode;
  /** What stands in the form now, and with whom it was. */
  onDone: (now: Filled, contact: string | undefined) => void;
}

/** A call, a meeting or a message: what about, from whom, when, how long and how it ended. */
export function ActivityForm({ kind, title, onTitle, before, people = [], busy, action, beside, onDone }: Props) {
  const { t } = useTranslation();
  const turns: readonly Turn[] = TURNS[kind];
  const [now, setNow] = useState(before);
  const set = (part: Partial<Filled>) => setNow({ ...now, ...part });
  const [more, setMore] = useState(Boolean(before.text));
  const [person, setPerson] = useState(people[0]?.id ?? "");
  const lasts = kind === "call" || kind === "meeting";
  const send = () => {
    if (title.trim() && !busy) onDone(now, person || undefined);
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
            value={now.turn}
            onChange={(event) => set({ turn: event.target.value as Turn })}
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
        value={now.outcome}
        onChange={(event) => set({ outcome: event.target.value })}
        aria-label={t("contacts.activityOutcome")}
        placeholder={t("contacts.activityOutcome")}
        maxLength={100}
        className={`${look} min-w-36 flex-1`}
      />
      {people.length > 0 && (
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
          value={now.when}
          onChange={(event) => set({ when: event.target.value })}
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
            value={now.minutes}
            onChange={(event) => set({ minutes: event.target.value })}
            className={`${look} num`}
          />
        </label>
      )}
      {more ? (
        <textarea
          value={now.text}
          dir="auto"
          onChange={(event) => set({ text: event.target.value })}
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
