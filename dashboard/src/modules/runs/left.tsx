/** A record that a change of many left alone, and why. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Link } from "@/ui/link";
import { fieldsOf } from "../fields/fields-of";
import { type Name, ONE, type RunRow } from "./kinds";

const KNOWN = [
  "missing",
  "contact_on_hold",
  "not_unique",
  "required",
  "too_many",
  "segment_gone",
  "stage_unknown",
  "stage_requires",
  "deal_closed",
  "deal_open",
  "plan_limit",
  "edited",
] as const;

/** By name where it may be seen. */
export function LeftRow({ of, row, code }: { of: Name; row: RunRow; code: string | null | undefined }) {
  const { t } = useTranslation();
  return (
    <li className="flex min-h-8 flex-wrap items-center gap-x-3 coarse:min-h-11">
      {row.id && row.name ? (
        <Link to={`/${of}/$id`} params={{ id: row.id }} className="reach">
          <bdi>{row.name}</bdi>
        </Link>
      ) : (
        <span className="text-ink-2">{t("runs.unknown")}</span>
      )}
      <span className="text-muted">
        <Why of={of} code={code} fields={row.fields} />
      </span>
    </li>
  );
}

function Why({ of, code, fields }: { of: Name; code?: string | null; fields: readonly string[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { data: own } = useQuery(fieldsOf(ONE[of]));
  const why = t(`runs.reason.${KNOWN.find((known) => known === code) ?? "other"}`);
  const named = fields.flatMap((pointer) => {
    const name = pointer.replace(/^\/(change\/)?/, "");
    const key = /^custom\/(.+)$/.exec(name)?.[1];
    if (key) return own?.items.find((field) => field.key === key)?.label ?? key;
    // What deals lack has a name; other fields have theirs in the reason.
    return of === "deals" && name !== "stage" ? t(`deals.field.${name}` as "deals.field.amount") : [];
  });
  return named.length > 0 ? t("runs.reasonOf", { reason: why, fields: formats.list(named) }) : why;
}
