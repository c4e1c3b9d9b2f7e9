import { CircleAlert, Plus, X } from "lucide-react";
import { useId } from "react";
import { type UseFormReturn, useFieldArray, useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { sayProblem } from "@/i18n/problems";
import { Button, IconButton } from "@/ui/button";
import { Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { NETWORKS, type Values } from "./merge";

/** As many as the API takes. */
const MOST = 20;

/** Somebody's pages in social networks: an address, or the name there. */
export function Profiles({ form }: { form: UseFormReturn<Values> }) {
  const { t } = useTranslation();
  const { fields, append, remove } = useFieldArray({ control: form.control, name: "profiles" });
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">
        {t("contacts.profiles")}
        <span className="font-[420] text-muted"> {t("field.optional")}</span>
      </legend>
      <ol className="flex flex-col gap-2">
        {fields.map((field, index) => (
          <li key={field.id}>
            <Line form={form} index={index} onRemove={() => remove(index)} />
          </li>
        ))}
      </ol>
      {fields.length < MOST && (
        <Button
          size="small"
          look="ghost"
          icon={<Plus />}
          onClick={() => append({ network: "linkedin", url: "" }, { focusName: `profiles.${fields.length}.url` })}
          className={`-ms-2 ${fields.length > 0 ? "mt-1" : ""}`}
        >
          {t("contacts.addProfile")}
        </Button>
      )}
    </fieldset>
  );
}

function Line({ form, index, onRemove }: { form: UseFormReturn<Values>; index: number; onRemove: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const path = `profiles.${index}.url` as const;
  const label = t("contacts.lineNumbered", { label: t("contacts.profiles"), number: index + 1 });
  useFormState({ control: form.control, name: path });
  const message = form.getFieldState(path).error?.message;
  return (
    <>
      <div className="flex items-center gap-1">
        <span className="w-32 shrink-0">
          <Select {...form.register(`profiles.${index}.network`)} aria-label={t("contacts.kindOf", { label })}>
            {NETWORKS.map((network) => (
              <option key={network} value={network}>
                {t(`contacts.network.${network}`)}
              </option>
            ))}
          </Select>
        </span>
        <input
          {...form.register(path)}
          type="text"
          inputMode="url"
          dir="ltr"
          autoComplete="off"
          placeholder={t("contacts.profilePlaceholder")}
          aria-label={label}
          aria-invalid={message ? true : undefined}
          aria-describedby={message ? id : undefined}
          className={`${inputLook} ${inputHeight} min-w-0 flex-1`}
        />
        <IconButton small label={t("contacts.lineRemove", { label })} onClick={onRemove}>
          <X />
        </IconButton>
      </div>
      {message && (
        <p id={id} className="mt-[5px] flex items-start gap-[5px] text-cap text-danger-text">
          <CircleAlert aria-hidden="true" className="mt-[2px] size-[13px] shrink-0" />
          {sayProblem(message)}
        </p>
      )}
    </>
  );
}
