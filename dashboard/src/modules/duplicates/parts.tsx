import { ChevronRight, Undo2 } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Formats } from "@/i18n/format";
import { Confirm } from "@/ui/confirm";
import { Link } from "@/ui/link";
import type { useUndo } from "./data";

/** Of a hundred. */
export const percent = (of: number, { locale }: Formats) =>
  new Intl.NumberFormat(locale, { style: "percent" }).format(of / 100);

export function Crumbs({ kind = "contacts", merging }: { kind?: "contacts" | "companies"; merging?: boolean }) {
  const { t } = useTranslation();
  const step = <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />;
  return (
    <>
      <Link to={kind === "contacts" ? "/contacts" : "/companies"} className="font-[420] text-muted!">
        {kind === "contacts" ? t("contacts.title") : t("companies.title")}
      </Link>
      {step}
      {merging ? (
        <>
          <Link
            to={kind === "contacts" ? "/contacts/duplicates" : "/companies/duplicates"}
            className="font-[420] text-muted!"
          >
            {t("duplicates.title")}
          </Link>
          {step}
          <b className="font-semibold text-ink">{t("duplicates.merge")}</b>
        </>
      ) : (
        <b className="font-semibold text-ink">{t("duplicates.title")}</b>
      )}
    </>
  );
}

/** The question before an undo that leaves somebody's later edits. */
export function EditsKept({ undo }: { undo: ReturnType<typeof useUndo> }) {
  const { t } = useTranslation();
  const { asking, setAsking } = undo;
  return (
    <Confirm
      open={asking !== undefined}
      onClose={() => setAsking(undefined)}
      look="primary"
      title={t("duplicates.undoEdits")}
      lead={t("duplicates.undoEditsText")}
      action={t("duplicates.undo")}
      icon={<Undo2 />}
      busy={undo.isPending}
      onConfirm={() => asking && undo.mutate({ id: asking, keep: true })}
    />
  );
}
