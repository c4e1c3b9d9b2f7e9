import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ArrowRight, History } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { rowsOf } from "@/api/pages";
import { may, useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { FieldFrame, Select } from "@/ui/field";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { type CustomField, shownOf, useShown } from "../fields/data";
import { fieldsOf } from "../fields/fields-of";
import { choosable } from "../segments/data";
import { alike, type Field, type Import, imports, isSame, type Options, preview, saidOf, useChange } from "./data";
import { Feet } from "./parts";

const PROFILES = ["profile", "profile_linkedin", "profile_facebook", "profile_instagram", "profile_x"] as const;

/** What a column can say, in the order in which people look for it. */
const GROUPS = {
  who: ["display_name", "salutation", "first_name", "middle_name", "last_name", "company_name", "job_title"],
  company: ["company", "company_website", "company_role"],
  reach: ["email", "email_work", "email_home", "phone", "phone_mobile", "phone_work", "phone_home", ...PROFILES],
  place: ["line1", "line2", "postal_code", "city", "region", "country", "zone", "language"],
  days: ["birthday", "anniversary"],
  optOut: ["opt_out", "opt_out_email", "opt_out_phone", "opt_out_sms", "opt_out_whatsapp"],
  more: ["stage", "tier", "owner", "tags", "source", "id"],
} as const satisfies Record<string, readonly Field[]>;

/** Columns of other records are for whoever may write those. */
const NEEDS: Partial<Record<keyof typeof GROUPS, string>> = { company: "companies.write", days: "occasions.write" };

const groups = Object.keys(GROUPS) as (keyof typeof GROUPS)[];

const MANY: readonly Field[] = [
  "email",
  "email_work",
  "email_home",
  "phone",
  "phone_mobile",
  "phone_work",
  "phone_home",
  "profile",
  "tags",
];

/** What a column says: something that everybody keeps, or a field of the tenant's own. */
type Says = Field | `custom.${string}`;
const isOwn = (says: Says | null): says is `custom.${string}` => says?.startsWith("custom.") === true;

const ENCODINGS = [
  "UTF-8",
  "windows-1252",
  "windows-1250",
  "windows-1251",
  "windows-1254",
  "windows-1256",
  "UTF-16LE",
  "UTF-16BE",
  "ISO-8859-2",
  "macintosh",
  "Shift_JIS",
  "GBK",
] as const;

type Patch = NonNullable<Parameters<typeof patch>[1]>;
const patch = (
  id: string,
  body: {
    fields?: (Field | null)[];
    custom?: (string | null)[];
    options?: Options;
    encoding?: string;
    delimiter?: string;
    sheet?: string;
    has_header?: boolean;
  },
) =>
  // The document cannot say that an item of a list may be null.
  ok(api.PATCH("/v1/contact-imports/{id}", { params: { path: { id } }, body: body as never }));

/** The second step: what each column says, beside what stands in it. */
export function Columns({ item, onNext }: { item: Import; onNext: () => void }) {
  const { t } = useTranslation();
  const change = useChange(item.id, t("imports.step.columns"), (body: Patch) => patch(item.id, body));
  const given = item.columns.map(({ field, custom }): Says | null => field ?? (custom ? `custom.${custom}` : null));
  const [fields, setFields] = useState<(Says | null)[]>();
  const now = fields && fields.length === given.length ? fields : given;
  const set = (index: number, field: Says | null) =>
    setFields(
      now.map((old, at) =>
        at === index ? field : field !== null && old === field && !MANY.some((many) => many === field) ? null : old,
      ),
    );
  // Only with its name there is a company to say more of.
  const nameless = !now.includes("company") && (now.includes("company_website") || now.includes("company_role"));
  const left = item.columns.filter((_, index) => now[index] === null);
  const read = (body: Patch) => {
    setFields(undefined);
    change.mutate(body);
  };
  const next = () => {
    const same = now.every((field, index) => field === given[index]);
    if (same) return onNext();
    const body = {
      fields: now.map((says) => (isOwn(says) ? null : says)),
      custom: now.map((says) => (isOwn(says) ? says.slice("custom.".length) : null)),
    };
    change.mutate(body, { onSuccess: onNext });
  };
  return (
    <>
      <Reading item={item} busy={change.isPending} onRead={read} />
      <Panel
        title={t("imports.step.columns")}
        note={t("imports.rows", { count: item.rows_total })}
        more={<AsThen item={item} busy={change.isPending} onTake={read} />}
        flush
      >
        <Table item={item} fields={now} onField={set} />
        <p
          role="status"
          className={`border-line border-t px-[18px] py-3 text-[12.5px] ${nameless ? "text-danger-text" : "text-muted"}`}
        >
          {nameless
            ? t("imports.problem.column_missing")
            : left.length === 0
              ? t("imports.allUsed")
              : t("imports.leftOut", { count: left.length, names: left.map(({ name }) => name).join(", ") })}
        </p>
      </Panel>
      <Feet>
        <Button
          look="primary"
          writes
          busy={change.isPending}
          disabled={nameless || now.every((field) => field === null)}
          onClick={next}
        >
          {t("imports.next")}
        </Button>
      </Feet>
    </>
  );
}

/** Takes over what was said of an earlier file with the same columns: whoever brings one every month says it once. */
function AsThen({ item, busy, onTake }: { item: Import; busy: boolean; onTake: (body: Patch) => void }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data } = useInfiniteQuery(imports());
  const fields = useQuery({ ...fieldsOf("contact"), enabled: useMay("fields.read") });
  const lists = useQuery({ ...choosable, enabled: useMay("segments.read") });
  const then = alike(item, rowsOf(data));
  // Until both came nobody knows what was taken away since, and says nothing any more.
  if (!then || fields.isLoading || lists.isLoading) return null;
  const said = saidOf(then);
  const { segment, ...options } = said.options;
  const own = shownOf(fields.data);
  const there = lists.data?.some(({ id }) => id === segment);
  const body = {
    fields: said.fields,
    custom: said.custom.map((key) => own.find((field) => field.key === key)?.key ?? null),
    options: { ...options, ...(segment && there && { segment }) },
  };
  if (isSame(body, saidOf(item))) return null;
  return (
    <Button
      size="small"
      writes
      icon={<History />}
      busy={busy}
      title={t("imports.asThenWhy", { file: then.file_name })}
      onClick={() => onTake(body)}
    >
      {t("imports.asThen", { when: formats.when(then.created_at) })}
    </Button>
  );
}

function Table(props: { item: Import; fields: (Says | null)[]; onField: (index: number, field: Says | null) => void }) {
  const { t } = useTranslation();
  const { item, fields } = props;
  const me = useMe();
  const shown = (group: keyof typeof GROUPS, options: readonly Field[]) => {
    const needs = NEEDS[group];
    return needs === undefined || may(me, needs) || options.some((option) => fields.includes(option));
  };
  const every = useShown("contact");
  const own = every.filter(({ type }) => !isBarred(type));
  const query = useQuery(
    preview(item.id, [item.encoding, item.delimiter, item.sheet, item.has_header, item.columns.length].join("/")),
  );
  if (query.isPending) return <SkeletonRows rows={item.columns.length} />;
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const rows = query.data?.rows ?? [];
  return (
    <ul className="divide-y divide-line border-line border-t">
      {item.columns.map((column, index) => {
        const said = rows.map(({ cells }) => cells[index]?.trim() ?? "").filter(Boolean);
        return (
          <li
            key={index}
            className="grid grid-cols-[minmax(0,1fr)_20px_minmax(0,15rem)] items-center gap-x-3 gap-y-2 px-[18px] py-2.5 max-sm:grid-cols-1"
          >
            <span className="min-w-0">
              <b className="block truncate text-[13.5px] font-[590]">
                <bdi>{column.name}</bdi>
              </b>
              <span className="block truncate text-[12.5px] text-muted">
                {said.length > 0 ? <bdi>{said.slice(0, 3).join(" · ")}</bdi> : t("imports.emptyColumn")}
              </span>
              <Hint column={column.name} says={fields[index] ?? null} own={every} />
            </span>
            <ArrowRight aria-hidden="true" className="size-4 text-muted rtl:-scale-x-100 max-sm:hidden" />
            <Select
              aria-label={t("imports.saysWhat", { column: column.name })}
              value={fields[index] ?? ""}
              onChange={(event) => props.onField(index, (event.target.value || null) as Says | null)}
            >
              <option value="">{t("imports.ignore")}</option>
              {groups
                .filter((group) => shown(group, GROUPS[group]))
                .map((group) => (
                  <optgroup key={group} label={t(`imports.group.${group}`)}>
                    {GROUPS[group].map((field) => (
                      <option key={field} value={field}>
                        {t(`imports.field.${field}`)}
                      </option>
                    ))}
                  </optgroup>
                ))}
              {own.length > 0 && (
                <optgroup label={t("imports.group.own")}>
                  {own.map(({ key, label }) => (
                    <option key={key} value={`custom.${key}`}>
                      {label}
                    </option>
                  ))}
                </optgroup>
              )}
            </Select>
          </li>
        );
      })}
    </ul>
  );
}

/** What no file can bring: values that are computed, and files. */
const isBarred = (type: string): type is "formula" | "file" => type === "formula" || type === "file";

/** How a link is said, and why a column that is called like an own field cannot bring it. */
function Hint({ column, says, own }: { column: string; says: Says | null; own: readonly CustomField[] }) {
  const { t } = useTranslation();
  const chosen = isOwn(says) ? own.find(({ key }) => says === `custom.${key}`) : undefined;
  if (chosen?.type === "link" && chosen.target)
    return <span className="block text-[12.5px] text-muted">{t(`imports.linkHelp.${chosen.target}`)}</span>;
  const name = column.trim().toLowerCase();
  const meant =
    says === null ? own.find(({ key, label }) => name === `custom.${key}` || name === label.toLowerCase()) : undefined;
  if (!meant || !isBarred(meant.type)) return null;
  return (
    <span className="block text-[12.5px] text-warning-text">
      {t(`imports.barred.${meant.type}`, { field: meant.label })}
    </span>
  );
}

/** How the file is read: guessed, and to be put right by whoever knows it better. */
function Reading({ item, busy, onRead }: { item: Import; busy: boolean; onRead: (body: Patch) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const csv = item.kind === "csv";
  const encodings = ENCODINGS.some((known) => known === item.encoding) ? ENCODINGS : [item.encoding, ...ENCODINGS];
  return (
    <Panel title={t("imports.reading")} note={t("imports.readingNote")}>
      <fieldset disabled={busy} className="grid grid-cols-3 items-end gap-3.5 max-md:grid-cols-1">
        <legend className="sr-only">{t("imports.reading")}</legend>
        {csv ? (
          <>
            <FieldFrame id={`${id}-encoding`} label={t("imports.encoding")}>
              <Select
                id={`${id}-encoding`}
                value={item.encoding}
                onChange={(event) => onRead({ encoding: event.target.value })}
              >
                {encodings.map((name) => (
                  <option key={name} value={name}>
                    {name}
                  </option>
                ))}
              </Select>
            </FieldFrame>
            <FieldFrame id={`${id}-delimiter`} label={t("imports.delimiter")}>
              <Select
                id={`${id}-delimiter`}
                value={item.delimiter}
                onChange={(event) => onRead({ encoding: item.encoding, delimiter: event.target.value })}
              >
                <option value=",">{t("imports.comma")}</option>
                <option value=";">{t("imports.semicolon")}</option>
                <option value={"\t"}>{t("imports.tab")}</option>
                <option value="|">{t("imports.bar")}</option>
              </Select>
            </FieldFrame>
          </>
        ) : (
          <FieldFrame id={`${id}-sheet`} label={t("imports.sheet")} className="col-span-2 max-md:col-span-1">
            <Select
              id={`${id}-sheet`}
              value={item.sheet ?? ""}
              onChange={(event) => onRead({ sheet: event.target.value })}
            >
              {item.sheets.map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </Select>
          </FieldFrame>
        )}
        <span className="pb-2">
          <Switch
            label={t("imports.header")}
            checked={item.has_header}
            onChange={(has_header) =>
              onRead({ has_header, ...(csv && { encoding: item.encoding, delimiter: item.delimiter }) })
            }
          />
        </span>
      </fieldset>
    </Panel>
  );
}
