import { useQueryClient } from "@tanstack/react-query";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok } from "@/api/client";
import { useEdits } from "@/api/edits";
import { ApiProblem, hasStatus } from "@/api/problem";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { PlainLink } from "@/ui/link";
import { say, sayError } from "@/ui/toast";
import { type Custom, type CustomField, useShown } from "./data";
import { Input } from "./input";
import type { RecordKind } from "./kinds";
import { shapeOf, shown } from "./show";

const LISTS = { contact: "contacts", company: "companies", deal: "deals" } as const;

interface Owner {
  record: RecordKind;
  id: string;
  custom: Custom;
  over: boolean;
}

function useSave({ record, id }: Owner) {
  const cache = useQueryClient();
  return useEdits<{ version: number }, { custom: Custom }>({
    key: [LISTS[record], "one", id],
    send: async (body, version) => {
      const request = { params: { path: { id }, header: ifMatch(version) }, body };
      if (record === "contact") return ok(api.PATCH("/v1/contacts/{id}", request));
      if (record === "company") return ok(api.PATCH("/v1/companies/{id}", request));
      return ok(api.PATCH("/v1/deals/{id}", request));
    },
    onEnd: () => cache.invalidateQueries({ queryKey: [LISTS[record]] }),
  });
}

/** What the tenant wants to know of a record besides: each value is changed where it stands. */
export function CustomValues(owner: Owner) {
  const { t } = useTranslation();
  const fields = useShown(owner.record);
  if (fields.length === 0) return null;
  const sections = [...new Set(fields.map(({ section }) => section ?? ""))].sort((a, b) =>
    a === "" ? -1 : b === "" ? 1 : 0,
  );
  return (
    <section className="rounded-panel border border-line bg-surface px-4 py-3.5 shadow-1">
      <h3 className="snug mb-2 text-sm font-semibold">{t("fields.title")}</h3>
      {sections.map((section) => (
        <div key={section} className="not-first:mt-3">
          {section && <h4 className="mb-1 text-cap font-[560] text-muted">{section}</h4>}
          <dl className="text-sm">
            {fields
              .filter((field) => (field.section ?? "") === section)
              .map((field) => (
                <Value key={field.id} field={field} owner={owner} />
              ))}
          </dl>
        </div>
      ))}
    </section>
  );
}

function Value({ field, owner }: { field: CustomField; owner: Owner }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const [open, setOpen] = useState(false);
  const save = useSave(owner);
  const may = useMay(`${LISTS[owner.record]}.write`) && !owner.over;
  const value = owner.custom[field.key];
  const text = shown(field, value, formats, t);
  const writes = may && !["formula", "link", "file"].includes(field.type);
  const put = (next: unknown) => {
    save.mutate(
      { custom: { [field.key]: next } },
      {
        onSuccess: () => {
          if (field.type !== "multi_select") setOpen(false);
          say(t("fields.changed", { name: field.label }), {
            undo: () => save.mutate({ custom: { [field.key]: value ?? null } }),
          });
        },
        onError: (error) => {
          if (!refusal(error))
            sayError(t("error.notSaved"), hasStatus(error, 412) ? t("error.changedElsewhere") : sayThrown(error));
        },
      },
    );
  };
  const wrong = refusal(save.error);
  const why = field.type === "formula" ? t("fields.computedBy", { expression: field.expression }) : field.help;
  const number = ["number", "money", "date"].includes(shapeOf(field));
  return (
    <div className="grid grid-cols-[minmax(70px,40%)_minmax(0,1fr)] items-baseline gap-2 py-[5px]">
      <dt className="min-w-0 break-words text-muted" title={why ?? undefined}>
        <bdi>{field.label}</bdi>
      </dt>
      <dd className="min-w-0 break-words">
        {field.type === "checkbox" && writes ? (
          <Input id={id} field={field} value={value} onSave={put} />
        ) : open && writes ? (
          <>
            <Input
              id={id}
              field={field}
              value={value}
              autoFocus
              wrong={Boolean(wrong)}
              onSave={put}
              onLeave={() => {
                save.reset();
                setOpen(false);
              }}
            />
            {wrong && (
              <p role="alert" className="mt-1 text-cap text-danger-text">
                {wrong}
              </p>
            )}
          </>
        ) : writes ? (
          <button
            type="button"
            aria-label={`${t("fields.set", { name: field.label })}: ${text || t("fields.noValue")}`}
            onClick={() => setOpen(true)}
            className="relative -mx-1 max-w-full rounded-[6px] px-1 text-start after:absolute after:-inset-y-2 after:inset-x-0 hover:bg-hover coarse:after:-inset-y-3"
          >
            <Shown text={text} number={number} />
          </button>
        ) : field.type === "link" && text ? (
          <Linked field={field} id={text} />
        ) : (
          <>
            <Shown text={text} number={number} />
            {field.type === "formula" && (
              <span className="block text-cap text-muted" title={why ?? undefined}>
                {t("fields.computed")}
              </span>
            )}
          </>
        )}
      </dd>
    </div>
  );
}

function Shown({ text, number }: { text: string; number: boolean }) {
  const { t } = useTranslation();
  if (!text) return <span className="text-muted">{t("fields.noValue")}</span>;
  return <bdi className={`whitespace-pre-line ${number ? "num" : ""}`}>{text}</bdi>;
}

function Linked({ field, id }: { field: CustomField; id: string }) {
  const { t } = useTranslation();
  const look = "underline hover:no-underline";
  const label = t(`fields.of.${field.target ?? "contact"}`);
  if (field.target === "company")
    return (
      <PlainLink to="/companies/$id" params={{ id }} className={look}>
        {label}
      </PlainLink>
    );
  if (field.target === "deal")
    return (
      <PlainLink to="/deals/$id" params={{ id }} className={look}>
        {label}
      </PlainLink>
    );
  return (
    <PlainLink to="/contacts/$id" params={{ id }} className={look}>
      {label}
    </PlainLink>
  );
}

/** Why a value was refused, when that is what happened. */
const refusal = (error: unknown): string | undefined =>
  error instanceof ApiProblem && error.fields.length > 0
    ? error.fields.map(({ code, detail }) => sayProblem(code, detail)).join(" ")
    : undefined;
