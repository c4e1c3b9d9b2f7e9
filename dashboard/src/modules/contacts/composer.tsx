import { Tabs } from "@base-ui/react/tabs";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useShortcuts } from "@/app/keys";
import { Button } from "@/ui/button";
import { Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { useDraft } from "@/ui/kept";
import { say, sayError } from "@/ui/toast";
import { timeline } from "./person/data";

/** Writes about a person: what is typed stays as a draft in this tab until it is sent. */
export function Composer({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<"note" | "call" | "meeting" | "email">("note");
  const note = useRef<HTMLTextAreaElement>(null);
  useShortcuts([{ keys: "n", label: t("contacts.addNote"), run: () => note.current?.focus() }]);
  return (
    <Tabs.Root
      value={tab}
      onValueChange={setTab}
      className="mb-5 rounded-[14px] border border-line-2 bg-surface shadow-1"
    >
      <Tabs.List className="relative flex gap-1 border-line border-b px-2">
        {(["note", "call", "email", "meeting"] as const).map((value) => (
          <Tabs.Tab
            key={value}
            value={value}
            className="h-[38px] px-2.5 text-sm font-[500] text-muted hover:text-ink data-[active]:font-[590] data-[active]:text-ink max-md:h-11"
          >
            {value === "note"
              ? t("contacts.note")
              : value === "call"
                ? t("contacts.logCall")
                : value === "email"
                  ? t("contacts.logEmail")
                  : t("contacts.logMeeting")}
          </Tabs.Tab>
        ))}
        <Tabs.Indicator className="absolute -bottom-1 start-[calc(var(--active-tab-left)+var(--active-tab-width)/2-3.5px)] size-[7px] rounded-full bg-accent shadow-[0_0_0_3px_var(--surface)] transition-[inset-inline-start] duration-420 ease-transfer rtl:start-auto rtl:left-[calc(var(--active-tab-left)+var(--active-tab-width)/2-3.5px)]" />
      </Tabs.List>
      <Tabs.Panel value="note" className="p-3">
        <NoteForm id={id} name={name} field={note} />
      </Tabs.Panel>
      <Tabs.Panel value="call" className="p-3">
        <ActivityForm id={id} kind="call" />
      </Tabs.Panel>
      <Tabs.Panel value="email" className="p-3">
        <ActivityForm id={id} kind="email" />
      </Tabs.Panel>
      <Tabs.Panel value="meeting" className="p-3">
        <ActivityForm id={id} kind="meeting" />
      </Tabs.Panel>
    </Tabs.Root>
  );
}

function useWritten(id: string) {
  const cache = useQueryClient();
  return () => {
    void cache.invalidateQueries({ queryKey: timeline(id).queryKey });
    // What was logged starts follow-ups and cancels others.
    void cache.invalidateQueries({ queryKey: ["follow_ups"] });
  };
}

function NoteForm({
  id,
  name,
  field,
}: {
  id: string;
  name: string;
  field: React.RefObject<HTMLTextAreaElement | null>;
}) {
  const { t } = useTranslation();
  const [text, setText, clear] = useDraft(`note.${id}`);
  const [secret, setSecret] = useState(false);
  const written = useWritten(id);
  const { mutate, isPending } = useMutation({
    mutationFn: (body: Schema["NewNote"]) =>
      ok(api.POST("/v1/contacts/{id}/notes", { params: { path: { id } }, body })),
    onSuccess: () => {
      clear();
      setSecret(false);
      written();
      say(t("contacts.noteAdded"));
    },
    onError: (error) => sayError(t("error.notSaved"), error.message),
  });
  const send = () => text.trim() && !isPending && mutate({ body: text.trim(), private: secret });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) send();
          if (event.key === "Escape") event.currentTarget.blur();
        }}
        aria-label={t("contacts.noteLabel", { name })}
        placeholder={t("contacts.notePlaceholder")}
        maxLength={10_000}
        rows={text ? 3 : 1}
        className="block w-full resize-none rounded-[6px] bg-transparent px-1 py-1 text-[13.5px] coarse:min-h-11 coarse:py-2.5 leading-[1.45] [field-sizing:content] placeholder:text-muted max-md:text-[16px]"
      />
      {text && (
        <div className="mt-2 flex items-center gap-3">
          <label className="flex min-h-9 items-center gap-2 text-sm text-ink-2">
            <input
              type="checkbox"
              checked={secret}
              onChange={(event) => setSecret(event.target.checked)}
              className="size-4 accent-(--accent)"
            />
            {t("contacts.notePrivate")}
          </label>
          <Button type="submit" look="primary" size="small" busy={isPending} className="ms-auto">
            {t("contacts.addNote")}
          </Button>
        </div>
      )}
    </form>
  );
}

type Logged = "call" | "meeting" | "email";
const TURNS = {
  call: ["answered", "unanswered", "inbound"],
  email: ["outbound", "proposal", "quote", "invoice", "inbound"],
  meeting: [],
} as const;
type Turn = (typeof TURNS)[Logged][number];

/** From whom it came, what it was about and whether anybody answered: what follow-ups go by. */
const turnOf = (turn: Turn | undefined): Partial<Schema["NewActivity"]> => {
  if (!turn) return {};
  if (turn === "inbound") return { direction: "inbound" };
  const topic = turn === "proposal" || turn === "quote" || turn === "invoice" ? { topic: turn } : {};
  const outcome = turn === "answered" ? "answered" : turn === "unanswered" ? "no answer" : undefined;
  return { direction: "outbound", ...topic, ...(outcome && { outcome }) };
};

function ActivityForm({ id, kind }: { id: string; kind: Logged }) {
  const { t } = useTranslation();
  const [title, setTitle, clear] = useDraft(`${kind}.${id}`);
  const [outcome, setOutcome] = useState("");
  const turns: readonly Turn[] = TURNS[kind];
  const [turn, setTurn] = useState<Turn | undefined>(turns[0]);
  const written = useWritten(id);
  const { mutate, isPending } = useMutation({
    mutationFn: (body: Schema["NewActivity"]) =>
      ok(api.POST("/v1/contacts/{id}/activities", { params: { path: { id } }, body })),
    onSuccess: () => {
      clear();
      setOutcome("");
      written();
      say(t("contacts.logged"));
    },
    onError: (error) => sayError(t("error.notSaved"), error.message),
  });
  return (
    <form
      className="flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (title.trim() && !isPending)
          mutate({
            kind,
            title: title.trim(),
            ...turnOf(turn),
            ...(outcome.trim() && turn !== "unanswered" && { outcome: outcome.trim() }),
          });
      }}
    >
      <input
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        aria-label={t("contacts.activityTitle")}
        placeholder={t("contacts.activityTitle")}
        maxLength={200}
        className={`${inputLook} ${inputHeight} min-w-40 flex-2`}
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
        className={`${inputLook} ${inputHeight} min-w-36 flex-1`}
      />
      <Button type="submit" look="primary" busy={isPending} disabled={!title.trim()}>
        {t("contacts.log")}
      </Button>
    </form>
  );
}
