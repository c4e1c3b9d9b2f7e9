import { useQuery } from "@tanstack/react-query";
import { ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { CopyButton } from "@/ui/copy";

/** Whether the chain holds, in one sentence. Checking reads the whole log, so it is asked for. */
export function Verdict() {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery({
    queryKey: ["audit", "verification"],
    queryFn: ({ signal }) => ok(api.GET("/v1/audit/verification", { signal })),
    enabled: false,
    retry: false,
  });
  const found = query.data;
  const look = !found
    ? { Icon: ShieldQuestion, tone: "text-muted", text: t("audit.unchecked") }
    : found.valid
      ? {
          Icon: ShieldCheck,
          tone: "text-success-text",
          text: t("audit.valid", { count: found.checked, formatted: formats.count(found.checked) }),
        }
      : {
          Icon: ShieldAlert,
          tone: "text-danger-text",
          text: found.broken_at ? t("audit.brokenAt", { at: formats.count(found.broken_at) }) : t("audit.broken"),
        };
  return (
    <section
      aria-label={t("audit.verification")}
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-[14px] border border-line bg-surface px-[18px] py-3 shadow-1"
    >
      <look.Icon aria-hidden="true" className={`size-5 shrink-0 ${look.tone}`} />
      <p role="status" className="min-w-0 flex-1 basis-56 text-sm">
        {query.isError ? sayThrown(query.error) : look.text}
        {found?.root && (
          <span className="mt-0.5 flex items-center gap-1.5 text-cap text-muted">
            {t("audit.root")} <code className="min-w-0 truncate font-mono">{found.root}</code>
            <CopyButton text={found.root} what={t("audit.verification")} />
          </span>
        )}
      </p>
      <Button busy={query.isFetching} onClick={() => void query.refetch()}>
        {t("audit.verify")}
      </Button>
    </section>
  );
}
