import { useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { useBased } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { say, sayError } from "@/ui/toast";
import type { About, Occasion } from "./data";
import { dayAs } from "./days";
import { useLocale } from "./locale";

const KINDS = ["birthday", "anniversary", "renewal", "milestone", "custom"] as const;
const DATES = ["yearly", "once", "weekday", "hijri"] as const;
const NTHS = ["1", "2", "3", "4", "5", "-1"] as const;
const LEAPS = ["", "feb28", "mar1", "leap_years"] as const;

const whole = z.string().check(z.regex(/^\d{0,4}$/, "date_invalid"));
const schema = z
  .object({
    kind: z.enum(KINDS),
    label: z.string().check(z.trim(), z.maxLength(100, "too_long")),
    date_kind: z.enum(DATES),
    year: whole,
    month: z.string(),
    day: whole,
    nth: z.enum(NTHS),
    weekday: z.string(),
    leap_policy: z.enum(LEAPS),
  })
  .check(
    z.refine((v) => v.label !== "" || !["milestone", "custom"].includes(v.kind), {
      error: "required",
      path: ["label"],
    }),
    z.refine((v) => v.day !== "" || v.date_kind === "weekday", { error: "required", path: ["day"] }),
    z.refine((v) => v.year !== "" || v.date_kind !== "once", { error: "required", path: ["year"] }),
  );
type Values = z.infer<typeof schema>;

/** Only together they are a day. */
const DATE = ["date_kind", "year", "month", "day", "nth", "weekday"] as const;

const valuesOf = (one: Occasion | undefined): Values => ({
  kind: one?.kind ?? "birthday",
  label: one?.label ?? "",
  date_kind: one?.date_kind ?? "yearly",
  year: one?.year?.toString() ?? "",
  month: (one?.month ?? 1).toString(),
  day: one?.day?.toString() ?? "",
  nth: NTHS.find((nth) => nth === one?.nth?.toString()) ?? "1",
  weekday: (one?.weekday ?? 1).toString(),
  leap_policy: one?.leap_policy ?? "",
});

/** What is typed, as the API takes it; `empty` stands for what was left out. */
function bodyOf<E extends null | undefined>(values: Values, empty: E) {
  const isWeekday = values.date_kind === "weekday";
  const isLeap = values.date_kind === "yearly" && values.month === "2" && values.day === "29";
  return {
    kind: values.kind,
    label: values.label || empty,
    date_kind: values.date_kind,
    year: values.year ? Number(values.year) : empty,
    month: Number(values.month),
    day: isWeekday ? empty : Number(values.day),
    nth: isWeekday ? Number(values.nth) : empty,
    weekday: isWeekday ? Number(values.weekday) : empty,
    leap_policy: (isLeap && values.leap_policy) || empty,
  } satisfies Partial<Schema["NewOccasion"] | Schema["OccasionPatch"]>;
}

/** A date to remember, new or to be changed. */
export function OccasionDialog(props: {
  open: boolean;
  one: Occasion | undefined;
  about: About;
  id: string;
  name: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [last, setLast] = useState(props.one);
  // Its words stay while it goes away.
  if (props.open && props.one !== last) setLast(props.one);
  return (
    <Dialog
      open={props.open}
      onClose={props.onClose}
      title={t(last ? "occasions.change" : "occasions.add")}
      lead={t("occasions.of", { name: props.name })}
    >
      <Form key={last?.id ?? "new"} {...props} one={last} />
    </Dialog>
  );
}

function Form({
  one,
  about,
  id,
  onClose,
}: {
  one: Occasion | undefined;
  about: About;
  id: string;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const locale = useLocale();
  const cache = useQueryClient();
  const writes = useMay("occasions.write");
  const done = () => cache.invalidateQueries({ queryKey: ["occasions"] });
  const whatOf = (kind: Values["kind"], label: string | null | undefined) => label || t(`occasions.kind.${kind}`);
  const { newer, update, theirs } = useBased(one, valuesOf, DATE);
  const server = useServerForm<Values>({
    schema,
    defaults: valuesOf(one),
    submit: async (values) => {
      if (one) {
        const path = { id: one.id };
        await update(server.form, values, {
          send: (base, next) => {
            const params = { path, header: ifMatch(base?.version) };
            return ok(api.PATCH("/v1/occasions/{id}", { params, body: bodyOf(next, null) }));
          },
          read: () => ok(api.GET("/v1/occasions/{id}", { params: { path } })),
        });
      } else {
        await ok(api.POST("/v1/occasions", { body: { ...bodyOf(values, undefined), [about]: id } }));
      }
      void done();
      say(t(one ? "occasions.said.changed" : "occasions.said.added", { what: whatOf(values.kind, values.label) }));
      onClose();
    },
  });
  const { form } = server;
  const [kind, month, day] = useWatch({ control: form.control, name: ["date_kind", "month", "day"] });
  const monthName = (n: number) =>
    kind === "hijri"
      ? t(`occasions.hijriMonths.${n}` as "occasions.hijriMonths.1")
      : dayAs(`2024-${String(n).padStart(2, "0")}-01`, locale, { month: "long" });
  const remove = async () => {
    if (!one) return;
    const params = { path: { id: one.id } };
    try {
      await ok(api.DELETE("/v1/occasions/{id}", { params }));
    } catch (error) {
      return sayError(sayThrown(error));
    }
    void done();
    onClose();
    const undo = async () => {
      await ok(api.POST("/v1/occasions/{id}/restoration", { params })).catch((error) => sayError(sayThrown(error)));
      void done();
    };
    say(t("occasions.said.deleted", { what: whatOf(one.kind, one.label) }), { undo: () => void undo() });
  };
  return (
    <form onSubmit={server.onSubmit} noValidate className="flex flex-col gap-3.5">
      <div className="grid grid-cols-2 gap-3 max-md:grid-cols-1">
        <SelectField form={form} name="kind" label={t("occasions.field.kind")}>
          {KINDS.map((value) => (
            <option key={value} value={value}>
              {t(`occasions.kind.${value}`)}
            </option>
          ))}
        </SelectField>
        <TextField form={form} name="label" label={t("occasions.field.label")} maxLength={100} optional />
      </div>
      <SelectField form={form} name="date_kind" label={t("occasions.field.date_kind")}>
        {DATES.map((value) => (
          <option key={value} value={value}>
            {t(`occasions.dateKind.${value}`)}
          </option>
        ))}
      </SelectField>
      <div className="grid grid-cols-3 items-start gap-3">
        {kind === "weekday" ? (
          <>
            <SelectField form={form} name="nth" label={t("occasions.field.nth")}>
              {NTHS.map((value) => (
                <option key={value} value={value}>
                  {t(`occasions.nth.${value}`)}
                </option>
              ))}
            </SelectField>
            <SelectField form={form} name="weekday" label={t("occasions.field.weekday")}>
              {[1, 2, 3, 4, 5, 6, 7].map((value) => (
                // 1 January 2024 was a Monday.
                <option key={value} value={value}>
                  {dayAs(`2024-01-0${value}`, locale, { weekday: "long" })}
                </option>
              ))}
            </SelectField>
          </>
        ) : (
          <TextField form={form} name="day" label={t("occasions.field.day")} inputMode="numeric" maxLength={2} />
        )}
        <SelectField form={form} name="month" label={t("occasions.field.month")}>
          {[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map((value) => (
            <option key={value} value={value}>
              {monthName(value)}
            </option>
          ))}
        </SelectField>
        {kind !== "weekday" && (
          <TextField
            form={form}
            name="year"
            label={t("occasions.field.year")}
            inputMode="numeric"
            maxLength={4}
            optional={kind !== "once"}
          />
        )}
      </div>
      {kind === "yearly" && month === "2" && day === "29" && (
        <SelectField form={form} name="leap_policy" label={t("occasions.field.leap_policy")}>
          {LEAPS.map((value) => (
            <option key={value} value={value}>
              {t(`occasions.leap.${value}`)}
            </option>
          ))}
        </SelectField>
      )}
      {server.trouble}
      <Newer
        of={newer}
        label={(key) => t(`occasions.field.${key}`)}
        texts={["label", "year", "day"]}
        onTheirs={() => theirs(form)}
      />
      <footer className="mt-1 flex justify-end gap-2">
        {one && writes && (
          <Button look="ghost" icon={<Trash2 />} onClick={() => void remove()} className="me-auto" writes>
            {t("occasions.delete")}
          </Button>
        )}
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        {writes && (
          <Button type="submit" look="primary" busy={server.busy}>
            {t(one ? "action.save" : "action.add")}
          </Button>
        )}
      </footer>
    </form>
  );
}
