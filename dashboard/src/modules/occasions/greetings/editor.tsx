import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { MailCheck, Trash2 } from "lucide-react";
import { useDeferredValue, useId, useState } from "react";
import { type UseFormReturn, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { stages, tags } from "@/modules/contacts/data";
import { choosable } from "@/modules/segments/data";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { Dialog } from "@/ui/dialog";
import { FieldFrame, SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { inputLook } from "@/ui/input-look";
import { useBased } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { Failed } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { useFeastName } from "../calendar/entry";
import { feasts, type Greeting, greeting as one } from "../data";
import { thisYear } from "../days";
import { useGreetingChanges } from "./changes";
import { ManyField } from "./many";

const KINDS = ["birthday", "anniversary", "renewal", "milestone", "custom"] as const;
const PLACEHOLDERS = ["first_name|friend", "last_name", "name", "company", "years", "occasion", "sender"] as const;
/** Lists that are typed with commas between. */
const LISTS = ["countries", "languages"] as const;

const text = z.string();
const schema = z
  .object({
    name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(100, "too_long")),
    kinds: z.array(z.enum(KINDS)),
    feasts: z.array(z.string()),
    countries: text,
    languages: text,
    tags: z.array(z.string()),
    stages: z.array(z.string()),
    segments: z.array(z.string()),
    excluded_segments: z.array(z.string()),
    consent_purpose: text,
    subject: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(200, "too_long")),
    body: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(5000, "too_long")),
    approval: z.enum(["each", "automatic"]),
  })
  .check(z.refine((v) => v.kinds.length + v.feasts.length > 0, { error: "required", path: ["kinds"] }));
type Values = z.infer<typeof schema>;

const valuesOf = (greeting: Greeting | undefined): Values => ({
  name: greeting?.name ?? "",
  kinds: greeting?.kinds ?? [],
  feasts: greeting?.feasts ?? [],
  countries: greeting?.countries.join(", ") ?? "",
  languages: greeting?.languages.join(", ") ?? "",
  tags: greeting?.tags ?? [],
  stages: greeting?.stages ?? [],
  segments: greeting?.segments ?? [],
  excluded_segments: greeting?.excluded_segments ?? [],
  consent_purpose: greeting?.consent_purpose ?? "",
  subject: greeting?.subject ?? "",
  body: greeting?.body ?? "",
  approval: greeting?.approval ?? "each",
});

const listed = (typed: string) =>
  typed
    .split(/[,،]/)
    .map((word) => word.trim())
    .filter(Boolean);

/** What is typed, as the API takes it; `empty` stands for what was left out. */
function bodyOf<E extends null | undefined>(values: Values, empty: E) {
  return {
    ...values,
    countries: listed(values.countries).map((code) => code.toUpperCase()),
    languages: listed(values.languages).map((code) => code.toLowerCase()),
    consent_purpose: values.consent_purpose.trim() || empty,
  } satisfies Schema["NewGreeting"] | Schema["GreetingPatch"];
}

/** A greeting, new or to be changed, with how it reads. */
export function GreetingDialog({ open, id, onClose }: { open: boolean; id: string | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const [last, setLast] = useState(id);
  // Its words stay while it goes away.
  if (open && id !== last) setLast(id);
  const query = useQuery({ ...one(last ?? ""), enabled: last !== undefined });
  return (
    // It comes with what is in it: nothing in it moves.
    <Dialog
      open={open && (last === undefined || !query.isPending)}
      onClose={onClose}
      title={t(last ? "occasions.changeGreeting" : "occasions.newGreeting")}
      lead={t("occasions.nineHint")}
      wide
    >
      {last && query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        (last === undefined || query.data) && (
          <Form key={last ?? "new"} greeting={last ? query.data : undefined} onClose={onClose} />
        )
      )}
    </Dialog>
  );
}

function Form({ greeting, onClose }: { greeting: Greeting | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const writes = useMay("occasions.greetings.write");
  const { remove } = useGreetingChanges();
  const id = useId();
  const { newer, update, theirs } = useBased(greeting, valuesOf);
  const server = useServerForm<Values>({
    schema,
    defaults: valuesOf(greeting),
    submit: async (values) => {
      if (greeting) {
        await update(server.form, values, {
          send: (base, next) => {
            const params = { path: { id: greeting.id }, header: ifMatch(base?.version) };
            return ok(api.PATCH("/v1/greetings/{id}", { params, body: bodyOf(next, null) }));
          },
          read: () => cache.fetchQuery({ ...one(greeting.id), staleTime: 0 }),
        });
      } else await ok(api.POST("/v1/greetings", { body: { ...bodyOf(values, undefined), enabled: false } }));
      void cache.invalidateQueries({ queryKey: ["greetings"] });
      say(t(greeting ? "occasions.said.greetingChanged" : "occasions.said.greetingAdded", { name: values.name }));
      onClose();
    },
  });
  const { form } = server;
  const wrong = form.formState.errors.body?.message;
  const insert = (placeholder: string) =>
    form.setValue("body", `${form.getValues("body")}{{${placeholder}}}`, { shouldDirty: true });
  return (
    <form onSubmit={server.onSubmit} noValidate className="flex flex-col gap-3.5">
      <TextField form={form} name="name" label={t("occasions.greeting.name")} maxLength={100} />
      <When form={form} />
      <fieldset>
        <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("occasions.greeting.who")}</legend>
        <Audience form={form} gone={greeting?.missing_segments ?? []} />
        <div className="mt-3 grid grid-cols-2 gap-3 max-md:grid-cols-1">
          {LISTS.map((name) => (
            <TextField key={name} form={form} name={name} label={t(`occasions.greeting.${name}`)} optional />
          ))}
        </div>
        <p className="mt-1.5 text-cap text-muted">{t("occasions.greeting.listHelp")}</p>
      </fieldset>
      <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <TextField
          form={form}
          name="consent_purpose"
          label={t("occasions.greeting.consent_purpose")}
          help={t("occasions.greeting.consentHelp")}
          optional
        />
        <SelectField form={form} name="approval" label={t("occasions.greeting.approval")}>
          {(["each", "automatic"] as const).map((value) => (
            <option key={value} value={value}>
              {t(`occasions.approvalOf.${value}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <TextField form={form} name="subject" label={t("occasions.greeting.subject")} maxLength={200} dir="auto" />
      <FieldFrame id={id} label={t("occasions.greeting.body")} error={wrong && sayProblem(wrong)}>
        <textarea
          id={id}
          rows={5}
          maxLength={5000}
          dir="auto"
          {...form.register("body")}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? `${id}-say` : undefined}
          className={`${inputLook} resize-y py-2`}
        />
      </FieldFrame>
      <fieldset className="-mt-1 flex flex-wrap gap-1.5">
        <legend className="sr-only">{t("occasions.greeting.placeholders")}</legend>
        {PLACEHOLDERS.map((placeholder) => (
          <button
            key={placeholder}
            type="button"
            dir="ltr"
            onClick={() => insert(placeholder)}
            className="min-h-7 rounded-chip border border-line border-dashed px-2 font-mono text-cap text-ink-2 hover:bg-hover coarse:min-h-11"
          >
            {`{{${placeholder}}}`}
          </button>
        ))}
      </fieldset>
      <Preview form={form} />
      {server.trouble}
      <Newer
        of={newer}
        label={(key) => t(`occasions.greeting.${key}`)}
        texts={["name", "subject", "body"]}
        onTheirs={() => theirs(form)}
      />
      <footer className="mt-1 flex justify-end gap-2">
        {greeting && writes && (
          <Button
            look="ghost"
            icon={<Trash2 />}
            className="me-auto"
            writes
            onClick={() => {
              remove.mutate(greeting);
              onClose();
            }}
          >
            {t("occasions.delete")}
          </Button>
        )}
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        {writes && (
          <Button type="submit" look="primary" busy={server.busy}>
            {t(greeting ? "action.save" : "action.add")}
          </Button>
        )}
      </footer>
    </form>
  );
}

const AUDIENCE = ["tags", "stages", "segments", "excluded_segments"] as const;

/** Tags, stages and segments of those who get it, and segments of those who do not. */
function Audience({ form, gone }: { form: UseFormReturn<Values>; gone: readonly string[] }) {
  const { t } = useTranslation();
  const { data: allTags = [] } = useQuery(tags);
  const { data: allStages = [] } = useQuery(stages);
  const { data: allSegments = [] } = useQuery({ ...choosable, enabled: useMay("segments.read") });
  const chosen = useWatch({ control: form.control, name: AUDIENCE });
  const named = [
    ...allSegments.map(({ id, name }) => ({ value: id, label: name })),
    ...gone.map((id) => ({ value: id, label: t("occasions.greeting.goneSegment") })),
  ];
  const choices = {
    tags: allTags.map(({ name }) => ({ value: name, label: name })),
    stages: allStages.map(({ key, label }) => ({ value: key, label })),
    segments: named,
    excluded_segments: named,
  };
  const lost = gone.some((id) => chosen[2]?.includes(id) || chosen[3]?.includes(id));
  return (
    <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
      {AUDIENCE.map((name, at) => {
        const wrong = form.formState.errors[name]?.message;
        return (
          <ManyField
            key={name}
            label={t(`occasions.greeting.${name}`)}
            none={name === "excluded_segments" ? t("occasions.nobody") : undefined}
            values={chosen[at] ?? []}
            choices={choices[name]}
            onChange={(values) => form.setValue(name, values, { shouldDirty: true })}
            error={wrong && sayProblem(wrong)}
          />
        );
      })}
      {lost && (
        <p className="col-span-full text-cap text-danger-text" role="status">
          {t("occasions.greeting.goneText")}
        </p>
      )}
    </div>
  );
}

/** Occasions of people and feasts on which it goes out. */
function When({ form }: { form: UseFormReturn<Values> }) {
  const { t } = useTranslation();
  const nameOf = useFeastName();
  const { data } = useQuery(feasts(...thisYear()));
  const [kinds, chosen] = useWatch({ control: form.control, name: ["kinds", "feasts"] });
  const wrong = form.formState.errors.kinds?.message;
  const toggled = <T,>(list: readonly T[], value: T, on: boolean) =>
    on ? [...list, value] : list.filter((other) => other !== value);
  const line = "flex min-h-9 items-center gap-2.5 text-sm coarse:min-h-11";
  return (
    <fieldset aria-invalid={wrong ? true : undefined}>
      <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("occasions.greeting.when")}</legend>
      <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <div>
          <p className="mb-1 text-cap text-muted">{t("occasions.greeting.kinds")}</p>
          {KINDS.map((kind) => (
            <span key={kind} className={line}>
              <Checkbox
                label={t(`occasions.kind.${kind}`)}
                checked={kinds.includes(kind)}
                onChange={(on) => form.setValue("kinds", toggled(kinds, kind, on), { shouldValidate: true })}
              />
              <span aria-hidden="true">{t(`occasions.kind.${kind}`)}</span>
            </span>
          ))}
        </div>
        <div>
          <p aria-hidden="true" className="mb-1 text-cap text-muted">
            {t("occasions.greeting.feasts")}
          </p>
          <fieldset
            className="h-[190px] overflow-y-auto rounded-control border border-line px-3 py-1"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with keys
            tabIndex={0}
            aria-label={t("occasions.greeting.feasts")}
          >
            {data?.items.map((feast) => (
              <span key={feast.key} className={line}>
                <Checkbox
                  label={nameOf(feast)}
                  checked={chosen.includes(feast.key)}
                  onChange={(on) => {
                    form.setValue("feasts", toggled(chosen, feast.key, on));
                    void form.trigger("kinds");
                  }}
                />
                <span aria-hidden="true" className="min-w-0 truncate">
                  {nameOf(feast)}
                </span>
              </span>
            ))}
          </fieldset>
        </div>
      </div>
      {wrong && <p className="mt-[5px] text-cap text-danger-text">{sayProblem(wrong)}</p>}
    </fieldset>
  );
}

/** How it reads, asked of the server that will fill it in. */
function Preview({ form }: { form: UseFormReturn<Values> }) {
  const { t } = useTranslation();
  const [subject, body] = useDeferredValue(useWatch({ control: form.control, name: ["subject", "body"] }));
  const { data } = useQuery({
    queryKey: ["greetings", "preview", subject, body],
    queryFn: ({ signal }) => ok(api.POST("/v1/greetings/preview", { body: { subject, body }, signal })),
    enabled: subject.trim() !== "" && body.trim() !== "",
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  const writes = useMay("occasions.greetings.write");
  const tryOut = useMutation({
    mutationFn: () => ok(api.POST("/v1/greetings/test", { body: { subject, body } })),
    onSuccess: () => say(t("occasions.said.tested")),
    onError: (error) => sayError(sayThrown(error)),
  });
  return (
    <section
      aria-label={t("occasions.previewTitle")}
      className="min-h-[120px] rounded-panel border border-line bg-sunken px-4 py-3"
    >
      <div className="mb-1.5 flex min-h-9 items-center gap-2 coarse:min-h-11">
        <p className="min-w-0 flex-1 text-cap text-muted">
          {data ? t("occasions.previewOf", { name: data.name }) : t("occasions.previewWait")}
        </p>
        {writes && (
          <Button
            size="small"
            look="ghost"
            icon={<MailCheck />}
            writes
            disabled={!data}
            busy={tryOut.isPending}
            onClick={() => tryOut.mutate()}
          >
            {t("occasions.testToMe")}
          </Button>
        )}
      </div>
      {data && (
        <>
          <p dir="auto" className="mb-1 text-sm font-semibold break-words">
            {data.subject}
          </p>
          <p dir="auto" className="text-sm break-words whitespace-pre-wrap">
            {data.body}
          </p>
        </>
      )}
    </section>
  );
}
