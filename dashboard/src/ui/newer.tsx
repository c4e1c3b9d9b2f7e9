import { useTranslation } from "react-i18next";
import { Button } from "./button";

/**
 * After somebody else was faster: which of the fields that were changed here are different by now, those of text as they
 * are. Whoever typed decides: he saves again, or takes what the other one wrote.
 */
export function Newer<V extends object>(props: {
  of: Partial<V>;
  label: (key: keyof V) => string;
  texts?: readonly (keyof V)[];
  onTheirs: () => void;
}) {
  const { t } = useTranslation();
  const { label, texts = [] } = props;
  const told = (Object.entries(props.of) as [keyof V, unknown][]).map(([key, value]) =>
    texts.includes(key) ? `${label(key)}: ${value || "–"}` : label(key),
  );
  if (told.length === 0) return null;
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1.5 text-sm text-warning-text">
      <span className="min-w-0 break-words">{t("error.newer", { values: told.join(", ") })}</span>
      <Button size="small" onClick={props.onTheirs}>
        {t("error.theirs")}
      </Button>
    </p>
  );
}
