import clsx from "clsx";
import { useTranslation } from "react-i18next";
import { Ring } from "@/ui/button";

/** Says how many files are on their way. */
export function Sending({ count }: { count: number }) {
  const { t } = useTranslation();
  return (
    <p role="status" className={clsx("flex items-center gap-2 text-sm text-muted", count > 0 && "mt-1 min-h-6")}>
      {count > 0 && (
        <>
          <Ring className="size-4" />
          {t("attachments.sending", { count })}
        </>
      )}
    </p>
  );
}
