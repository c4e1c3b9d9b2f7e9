import { useMutation } from "@tanstack/react-query";
import { FlaskConical } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { inputHeight, inputLook } from "@/ui/input-look";
import { minorOf } from "@/ui/money";
import type { CustomField } from "./data";
import { shapeOf, shown } from "./show";

type Asked = Pick<
  Schema["NewFormulaTrial"],
  "record" | "expression" | "result" | "blank_as_zero" | "decimals" | "currency"
>;

/** What was typed for a name, as the API gives such a value; nothing is nothing. */
export function meantBy(text: string, field: Pick<CustomField, "type" | "result" | "currency"> | undefined): unknown {
  const said = text.trim();
  if (said === "") return undefined;
  const shape = field && shapeOf(field);
  if (shape === "money") return minorOf(said, field?.currency ?? "EUR");
  if (shape === "checkbox" || (!shape && (said === "true" || said === "false"))) return said === "true";
  const number = Number(said.replace(",", "."));
  return (shape === "number" || !shape) && Number.isFinite(number) ? number : said;
}

/** A formula is tried with values that somebody types; nothing is kept. */
export function Trial({ asked, others }: { asked: Asked; others: readonly CustomField[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const [texts, setTexts] = useState<Record<string, string>>({});
  const trial = useMutation({
    mutationFn: () => {
      const custom: Record<string, unknown> = {};
      const values: Record<string, unknown> = {};
      for (const [name, text] of Object.entries(texts)) {
        const key = /^custom\.(.+)$/.exec(name)?.[1];
        const value = meantBy(
          text,
          others.find((field) => field.key === key),
        );
        if (value !== undefined) (key ? custom : values)[key ?? name] = value;
      }
      return ok(api.POST("/v1/custom-fields/formula-trials", { body: { ...asked, custom, values } }));
    },
  });
  const { data, error } = trial;
  const field = { type: asked.result, options: [], currency: asked.currency } as unknown as CustomField;
  return (
    <section
      aria-label={t("fields.trial")}
      className="flex flex-col gap-2.5 rounded-[12px] border border-line bg-sunken p-3"
    >
      <div className="flex items-center justify-between gap-3">
        <p className="text-cap text-muted">{t("fields.trialLead")}</p>
        <Button
          size="small"
          icon={<FlaskConical />}
          busy={trial.isPending}
          disabled={asked.expression === ""}
          onClick={() => trial.mutate()}
        >
          {t("fields.try")}
        </Button>
      </div>
      {data && data.inputs.length > 0 && (
        <div className="grid grid-cols-2 gap-2.5 max-sm:grid-cols-1">
          {data.inputs.map((name) => (
            <div key={name}>
              <label htmlFor={`${id}-${name}`} className="mb-1 block font-mono text-[12px] text-ink-2" dir="ltr">
                {name}
              </label>
              <input
                id={`${id}-${name}`}
                value={texts[name] ?? ""}
                maxLength={300}
                dir="auto"
                autoComplete="off"
                onChange={(event) => setTexts({ ...texts, [name]: event.target.value })}
                onKeyDown={(event) => {
                  if (event.key !== "Enter") return;
                  // The field itself is not saved by it.
                  event.preventDefault();
                  trial.mutate();
                }}
                className={`${inputLook} ${inputHeight}`}
              />
            </div>
          ))}
        </div>
      )}
      <p role="status" className="min-h-5 text-sm">
        {error ? (
          <span className="text-danger-text">{sayThrown(error)}</span>
        ) : data?.error ? (
          <span lang="en" className="text-danger-text">
            {data.error}
          </span>
        ) : (
          data &&
          (data.value === undefined || data.value === null ? (
            <span className="text-muted">{t("fields.trialNone")}</span>
          ) : (
            <>
              {t("fields.trialGives")} <b className="font-[590]">{shown(field, data.value, formats, t)}</b>
            </>
          ))
        )}
      </p>
    </section>
  );
}
