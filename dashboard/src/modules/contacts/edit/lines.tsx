import { clsx } from "clsx";
import { ArrowUp, CircleAlert, Plus, Star, X } from "lucide-react";
import { useId } from "react";
import { type UseFormReturn, useFieldArray, useFormState } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { sayProblem } from "@/i18n/problems";
import { Button, IconButton } from "@/ui/button";
import { Select } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { EMAIL_KINDS, PHONE_KINDS, type Values } from "./merge";

const OF = {
  emails: { part: "address", kinds: EMAIL_KINDS, fresh: { address: "", kind: "work" }, type: "email" },
  phones: { part: "number", kinds: PHONE_KINDS, fresh: { number: "", kind: "mobile" }, type: "tel" },
} as const;
/** As many as one person can have in the console; the API has its own limit. */
const MOST = 20;

/** Every address or number somebody has, the main one first. */
export function Lines({ form, name }: { form: UseFormReturn<Values>; name: "emails" | "phones" }) {
  const { t } = useTranslation();
  const { part, kinds, fresh, type } = OF[name];
  const { fields, append, remove, move } = useFieldArray({ control: form.control, name });
  const label = t(name === "emails" ? "contacts.email" : "contacts.phone");
  const numbered = (index: number) => (index === 0 ? label : t("contacts.lineNumbered", { label, number: index + 1 }));
  const add = () => append(fresh as never, { shouldFocus: true });
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-[12.5px] font-[560] text-ink-2">
        {t(name === "emails" ? "contacts.emails" : "contacts.phones")}
        <span className="font-[420] text-muted"> {t("field.optional")}</span>
      </legend>
      <ol className="flex flex-col gap-2">
        {fields.map((field, index) => (
          <li key={field.id}>
            <Line
              form={form}
              at={`${name}.${index}`}
              path={`${name}.${index}.${part}` as "emails.0.address"}
              label={numbered(index)}
              type={type}
              kinds={kinds}
              first={index === 0}
              onFirst={() => move(index, 0)}
              onUp={index > 1 ? () => move(index, index - 1) : undefined}
              onRemove={() => remove(index)}
            />
          </li>
        ))}
      </ol>
      {fields.length < MOST && (
        <Button
          size="small"
          look="ghost"
          icon={<Plus />}
          onClick={add}
          className={clsx("-ms-2", fields.length && "mt-1")}
        >
          {t(name === "emails" ? "contacts.addEmail" : "contacts.addPhone")}
        </Button>
      )}
    </fieldset>
  );
}

function Line(props: {
  form: UseFormReturn<Values>;
  at: string;
  path: "emails.0.address";
  label: string;
  type: string;
  kinds: readonly (typeof PHONE_KINDS)[number][];
  first: boolean;
  onFirst: () => void;
  onUp?: () => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const { form, at, path, label, first } = props;
  const id = useId();
  useFormState({ control: form.control, name: path });
  const message = form.getFieldState(path).error?.message;
  const error = message && sayProblem(message);
  return (
    <>
      <div className="flex items-center gap-1 max-sm:flex-wrap">
        <input
          {...form.register(path)}
          type={props.type}
          dir="ltr"
          aria-label={label}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? id : undefined}
          className={clsx(inputLook, inputHeight, "min-w-0 flex-1 max-sm:basis-full")}
        />
        <span className="w-28 shrink-0 max-sm:flex-1">
          <Select {...form.register(`${at}.kind` as "emails.0.kind")} aria-label={t("contacts.kindOf", { label })}>
            {props.kinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`contacts.addressKind.${kind}`)}
              </option>
            ))}
          </Select>
        </span>
        {first ? (
          <span
            title={t("contacts.main")}
            className="grid size-8 shrink-0 place-items-center max-md:size-11 coarse:size-11"
          >
            <Star aria-label={t("contacts.main")} role="img" className="size-4 fill-current text-accent-text" />
          </span>
        ) : (
          <IconButton small label={t("contacts.makeMain", { label })} onClick={props.onFirst}>
            <Star />
          </IconButton>
        )}
        {props.onUp ? (
          <IconButton small label={t("contacts.lineUp", { label })} onClick={props.onUp}>
            <ArrowUp />
          </IconButton>
        ) : (
          <span aria-hidden="true" className="size-8 shrink-0 max-sm:hidden" />
        )}
        <IconButton small label={t("contacts.lineRemove", { label })} onClick={props.onRemove}>
          <X />
        </IconButton>
      </div>
      {error && (
        <p id={id} className="mt-[5px] flex items-start gap-[5px] text-cap text-danger-text">
          <CircleAlert aria-hidden="true" className="mt-[2px] size-[13px] shrink-0" />
          {error}
        </p>
      )}
    </>
  );
}
