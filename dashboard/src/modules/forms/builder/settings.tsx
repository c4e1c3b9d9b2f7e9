import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { members } from "@/api/queries";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { stages } from "@/modules/contacts/data";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Panel } from "@/ui/panel";
import { Switch } from "@/ui/switch";
import { useDraft } from "./context";
import { AreaInput, NumberInput, SelectInput, TextInput } from "./inputs";
import { allFields, type Doc } from "./model";
import { sayOpen } from "./problem-list";
import { nameOf } from "./sentences";
import { moment, wallClock } from "./zoned";

/** Everything about a form that visitors do not see. It is saved by itself and can be taken back like the rest. */
export function Settings() {
  const { t } = useTranslation();
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-4 py-6 md:px-7">
      <div className="mx-auto grid max-w-[980px] items-start gap-4 lg:grid-cols-2 [&>div]:grid [&>div]:gap-4">
        <div>
          <Panel title={t("forms.setting.people")}>
            <People />
          </Panel>
          <Panel title={t("forms.setting.reply")}>
            <Reply />
          </Panel>
        </div>
        <div>
          <Panel title={t("forms.setting.contact")}>
            <Contact />
          </Panel>
          <Panel title={t("forms.setting.doors")}>
            <Doors />
          </Panel>
        </div>
      </div>
    </div>
  );
}

function useSetting() {
  const { editor, doc, state } = useDraft();
  const set = <K extends keyof Doc>(name: K, value: Doc[K]) => editor.apply((old) => ({ ...old, [name]: value }), name);
  const error = (name: keyof Doc) => {
    const found = state.problems.find(({ spot }) => spot.kind === "setting" && spot.name === name);
    return found && sayOpen(found);
  };
  return { doc, set, error };
}

const stack = "flex flex-col gap-4";

function useTeam() {
  const { data } = useQuery({ ...members, enabled: useMay("identity.members.read") });
  return data?.items ?? [];
}

function People() {
  const { t } = useTranslation();
  const { doc, set, error } = useSetting();
  const team = useTeam();
  const webhooks = useQuery({
    queryKey: ["webhooks", "names"],
    queryFn: ({ signal }) => ok(api.GET("/v1/webhooks", { params: { query: { limit: 100 } }, signal })),
    enabled: useMay("messaging.webhooks.read"),
    retry: false,
  });
  const hooks = webhooks.data?.items ?? [];
  return (
    <div className={stack}>
      <SelectInput
        label={t("forms.setting.responsible")}
        help={t("forms.setting.responsibleHelp")}
        value={doc.responsible ?? ""}
        onChange={(id) => set("responsible", id || null)}
        error={error("responsible")}
        options={someone(t("forms.setting.nobody"), team, doc.responsible)}
      />
      {team.length > 1 && (
        <fieldset>
          <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("forms.setting.notify")}</legend>
          <div className="max-h-52 overflow-y-auto">
            {team
              .filter(({ id }) => id !== doc.responsible)
              .map(({ id, name }) => (
                <label key={id} className="flex min-h-8 items-center gap-2.5 text-sm coarse:min-h-11">
                  <input
                    type="checkbox"
                    checked={doc.notify.includes(id)}
                    onChange={(event) =>
                      set(
                        "notify",
                        event.target.checked ? [...doc.notify, id] : doc.notify.filter((other) => other !== id),
                      )
                    }
                  />
                  <bdi className="truncate">{name}</bdi>
                </label>
              ))}
          </div>
          {error("notify") && <p className="text-cap text-danger-text">{error("notify")}</p>}
        </fieldset>
      )}
      {(hooks.length > 0 || doc.webhook) && (
        <SelectInput
          label={t("forms.setting.webhook")}
          help={t("forms.setting.webhookHelp")}
          value={doc.webhook ?? ""}
          onChange={(id) => set("webhook", id || null)}
          error={error("webhook")}
          options={someone(t("forms.setting.noWebhook"), hooks, doc.webhook)}
        />
      )}
    </div>
  );
}

/** What is chosen stays in the list even when it is not among those that can be chosen. */
function someone(nobody: string, all: readonly { id: string; name: string }[], chosen: string | null) {
  const known = all.map(({ id, name }) => ({ value: id, label: name }));
  const stranger = chosen && !all.some(({ id }) => id === chosen) ? [{ value: chosen, label: chosen }] : [];
  return [{ value: "", label: nobody }, ...stranger, ...known];
}

function Contact() {
  const { t } = useTranslation();
  const { doc, set, error } = useSetting();
  const team = useTeam();
  const { data: known = [] } = useQuery({ ...stages, enabled: useMay("contacts.read") });
  return (
    <div className={stack}>
      <SelectInput<Doc["match_rule"]>
        label={t("forms.setting.match")}
        help={t(`forms.matchHelp.${doc.match_rule}`)}
        value={doc.match_rule}
        onChange={(rule) => set("match_rule", rule)}
        options={(["email_or_phone", "email", "phone", "none"] as const).map((value) => ({
          value,
          label: t(`forms.match.${value}`),
        }))}
      />
      <SelectInput
        label={t("forms.setting.stage")}
        value={doc.contact_stage ?? ""}
        onChange={(stage) => set("contact_stage", stage || null)}
        error={error("contact_stage")}
        options={someone(
          t("forms.setting.usualStage"),
          known.map(({ key, label }) => ({ id: key, name: label })),
          doc.contact_stage,
        )}
      />
      <SelectInput
        label={t("forms.setting.owner")}
        value={doc.contact_owner ?? ""}
        onChange={(id) => set("contact_owner", id || null)}
        error={error("contact_owner")}
        options={someone(t("forms.setting.nobody"), team, doc.contact_owner)}
      />
      <Tags />
    </div>
  );
}

function Tags() {
  const { t } = useTranslation();
  const { doc, set, error } = useSetting();
  const id = useId();
  const text = doc.contact_tags.join(", ");
  return (
    <FieldFrame
      id={id}
      label={t("forms.setting.tags")}
      help={t("forms.setting.tagsHelp")}
      error={error("contact_tags")}
      optional
    >
      <input
        id={id}
        key={text}
        defaultValue={text}
        dir="auto"
        aria-describedby={`${id}-say`}
        onBlur={(event) => {
          const tags = event.target.value.split(/[,،]/).map((tag) => tag.trim());
          set("contact_tags", [...new Set(tags.filter(Boolean))]);
        }}
        className={`${inputLook} ${inputHeight}`}
      />
    </FieldFrame>
  );
}

function Reply() {
  const { t } = useTranslation();
  const { editor } = useDraft();
  const { doc, set, error } = useSetting();
  const on = doc.auto_reply_subject !== null || doc.auto_reply_body !== null;
  const asks = allFields(doc.draft).some(({ type, maps_to }) => type === "email" || maps_to === "email");
  const answers = allFields(doc.draft).filter(({ type }) => type !== "section" && type !== "file" && type !== "hidden");
  const turn = (next: boolean) =>
    editor.apply((old) => ({
      ...old,
      auto_reply_subject: next ? t("forms.reply.subject") : null,
      auto_reply_body: next ? t("forms.reply.body") : null,
    }));
  return (
    <div className={stack}>
      <Switch label={t("forms.setting.replyOn")} checked={on} onChange={turn} />
      {on && !asks && <p className="text-cap text-warning-text">{t("forms.setting.replyNoAddress")}</p>}
      {on && (
        <>
          <TextInput
            label={t("forms.setting.subject")}
            value={doc.auto_reply_subject ?? ""}
            maxLength={200}
            onChange={(text) => set("auto_reply_subject", text)}
            error={error("auto_reply_subject")}
          />
          <AreaInput
            label={t("forms.setting.body")}
            rows={6}
            value={doc.auto_reply_body ?? ""}
            onChange={(text) => set("auto_reply_body", text)}
            error={error("auto_reply_body")}
          />
          {answers.length > 0 && (
            <div>
              <p className="mb-1.5 text-cap text-muted">{t("forms.setting.insert")}</p>
              <div className="flex flex-wrap gap-1.5">
                {answers.map((field) => (
                  <button
                    key={field.key}
                    type="button"
                    onClick={() => set("auto_reply_body", `${doc.auto_reply_body ?? ""}{{${field.key}}}`)}
                    className="max-w-full truncate rounded-chip border border-line bg-sunken px-2 py-0.5 text-cap hover:border-control coarse:min-h-11"
                  >
                    <bdi>{nameOf(field)}</bdi>
                  </button>
                ))}
              </div>
            </div>
          )}
        </>
      )}
    </div>
  );
}

function Doors() {
  const { t } = useTranslation();
  const { doc, set, error } = useSetting();
  return (
    <div className={stack}>
      <div className="grid grid-cols-2 gap-3 max-sm:grid-cols-1">
        <WhenInput
          label={t("forms.setting.opens")}
          value={doc.opens_at}
          onChange={(at) => set("opens_at", at)}
          error={error("opens_at")}
        />
        <WhenInput
          label={t("forms.setting.closes")}
          value={doc.closes_at}
          onChange={(at) => set("closes_at", at)}
          error={error("closes_at")}
        />
      </div>
      <NumberInput
        label={t("forms.setting.cap")}
        help={t("forms.setting.capHelp")}
        optional
        whole
        min={1}
        max={1_000_000}
        value={doc.submission_cap}
        onChange={(cap) => set("submission_cap", cap ?? null)}
        error={error("submission_cap")}
      />
      <TextInput
        label={t("forms.setting.locale")}
        help={t("forms.setting.localeHelp")}
        optional
        dir="ltr"
        maxLength={35}
        value={doc.locale ?? ""}
        onChange={(locale) => set("locale", locale.trim() || null)}
        error={error("locale")}
      />
      <TextInput
        label={t("forms.setting.hosted")}
        help={t("forms.setting.hostedHelp")}
        optional
        type="url"
        dir="ltr"
        value={doc.hosted_url ?? ""}
        onChange={(url) => set("hosted_url", url.trim() || null)}
        error={error("hosted_url")}
      />
    </div>
  );
}

/** A day and a time where the tenant is. */
function WhenInput(props: {
  label: string;
  value: string | null;
  onChange: (at: string | null) => void;
  error?: string;
}) {
  const { zone } = useFormats();
  const id = useId();
  return (
    <FieldFrame id={id} label={props.label} error={props.error} optional>
      <input
        id={id}
        type="datetime-local"
        value={props.value ? wallClock(props.value, zone) : ""}
        aria-invalid={props.error ? true : undefined}
        onChange={(event) => props.onChange(event.target.value ? moment(event.target.value, zone) : null)}
        className={`${inputLook} ${inputHeight}`}
      />
    </FieldFrame>
  );
}
