import { clsx } from "clsx";
import { useId } from "react";
import { useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { sayProblem } from "@/i18n/problems";
import { FieldFrame, Select, SelectField } from "@/ui/field";
import type { ServerForm } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { plus } from "../when";
import { Count } from "./count";
import type { Values } from "./fields";
import { EVERY, type Every, MOST, type Rule, readRule, ruleText, sayRule, WEEKDAYS, weekdayName } from "./rules";

type End = "never" | "until" | "times";

/** How a task repeats: how often, on which days and until when, and all of it as a sentence. */
export function Repeats({ form }: { form: ServerForm<Values>["form"] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const { errors } = useFormState({ control: form.control, name: "rule" });
  const text = form.watch("rule");
  const rule = text === "" ? undefined : readRule(text);
  const set = (next: Rule | undefined) => form.setValue("rule", next ? ruleText(next) : "", { shouldDirty: true });
  const choose = (every: string) =>
    set(every === "" ? undefined : { interval: 1, ...rule, every: every as Every, on: [] });
  return (
    <>
      <div className="grid grid-cols-2 gap-3.5 max-sm:grid-cols-1">
        <FieldFrame
          id={id}
          label={t("tasks.field.rule")}
          optional
          error={errors.rule?.message && sayProblem(errors.rule.message)}
        >
          <Select id={id} value={rule?.every ?? text} onChange={({ target }) => choose(target.value)}>
            <option value="">{t("tasks.noRule")}</option>
            {EVERY.map((every) => (
              <option key={every} value={every}>
                {t(`tasks.repeat.${every}`, { count: 1 })}
              </option>
            ))}
            {text !== "" && !rule && <option value={text}>{text}</option>}
          </Select>
        </FieldFrame>
        {text !== "" && (
          <SelectField form={form} name="repeats" label={t("tasks.field.repeats")}>
            <option value="schedule">{t("tasks.counted.schedule")}</option>
            <option value="after_completion">{t("tasks.counted.after_completion")}</option>
          </SelectField>
        )}
      </div>
      {rule && <Details rule={rule} begins={form.watch("due_on")} onChange={set} />}
      {text !== "" && (
        <p role="status" className="-mt-1 text-sm text-ink-2">
          {sayRule(text, t, formats)}
        </p>
      )}
    </>
  );
}

function Details({ rule, begins, onChange }: { rule: Rule; begins: string; onChange: (rule: Rule) => void }) {
  const { t } = useTranslation();
  const { locale, dayKey } = useFormats();
  const id = useId();
  const { until, times, ...endless } = rule;
  const first = begins || dayKey(new Date());
  const end: End = until ? "until" : times ? "times" : "never";
  const ends: Record<End, () => Rule> = {
    never: () => endless,
    until: () => ({ ...endless, until: plus(first, 30) }),
    times: () => ({ ...endless, times: 10 }),
  };
  return (
    <div className="flex flex-col gap-3.5">
      {rule.every === "weekly" && (
        <fieldset>
          <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">{t("tasks.repeat.days")}</legend>
          <div className="flex flex-wrap gap-1.5">
            {WEEKDAYS.map((day) => {
              const chosen = rule.on.includes(day);
              const on = chosen ? rule.on.filter((other) => other !== day) : [...rule.on, day];
              return (
                <button
                  key={day}
                  type="button"
                  aria-pressed={chosen}
                  aria-label={weekdayName(day, locale)}
                  onClick={() => onChange({ ...rule, on })}
                  className="h-9 min-w-11 rounded-control border border-line-2 bg-raised px-2 text-[13px] font-[540] text-ink-2 hover:border-control aria-pressed:border-accent-line aria-pressed:bg-selected aria-pressed:text-ink max-md:h-11 coarse:h-11"
                >
                  {weekdayName(day, locale, "short")}
                </button>
              );
            })}
          </div>
        </fieldset>
      )}
      <div className="flex flex-wrap items-end gap-3.5">
        <FieldFrame id={`${id}-interval`} label={t("tasks.repeat.interval")}>
          <Count
            id={`${id}-interval`}
            value={rule.interval}
            least={1}
            most={MOST}
            onChange={(interval) => onChange({ ...rule, interval })}
          />
        </FieldFrame>
        <FieldFrame id={id} label={t("tasks.repeat.ends")} className="min-w-40 flex-1">
          <Select id={id} value={end} onChange={({ target }) => onChange(ends[target.value as End]())}>
            {(["never", "until", "times"] as const).map((name) => (
              <option key={name} value={name}>
                {t(`tasks.repeat.end.${name}`)}
              </option>
            ))}
          </Select>
        </FieldFrame>
        {until && (
          <FieldFrame id={`${id}-until`} label={t("tasks.repeat.lastDay")} className="min-w-40 flex-1">
            <input
              id={`${id}-until`}
              type="date"
              required
              min={first}
              value={until}
              onChange={({ target }) => target.value && onChange({ ...endless, until: target.value })}
              className={clsx(inputLook, inputHeight)}
            />
          </FieldFrame>
        )}
        {times && (
          <FieldFrame id={`${id}-times`} label={t("tasks.repeat.howOften")}>
            <Count
              id={`${id}-times`}
              value={times}
              least={1}
              most={MOST}
              onChange={(next) => onChange({ ...endless, times: next })}
            />
          </FieldFrame>
        )}
      </div>
    </div>
  );
}
