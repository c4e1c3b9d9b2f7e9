import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { bytes } from "@/ui/bytes";
import { type Client, clientStorage, clientUsage } from "./data";

/** What its plan allows, and how much of that it has, as far as the agency may know. */
export function Usage({ client }: { client: Client }) {
  const { t } = useTranslation();
  const query = useQuery({ ...clientUsage(client.id), retry: false });
  const { locale } = useFormats();
  const stored = useQuery({ ...clientStorage(client.id), retry: false }).data;
  const limits = (query.data?.meters ?? []).flatMap(({ limit, used, most }) =>
    most === null || most === undefined ? [] : [{ name: limit, most, used: used ?? undefined }],
  );
  return (
    <Panel
      title={t("clients.plan")}
      note={client.plan_id ? t("clients.planOwn") : t("clients.planAgency")}
      label={t("clients.plan")}
    >
      {query.isPending ? (
        <SkeletonRows rows={2} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <>
          <p className="wide text-[15px] font-[590]">{query.data?.plan ?? t("clients.noPlan")}</p>
          {limits.length === 0 ? (
            <p className="mt-1 text-sm text-muted">{t("clients.noLimits")}</p>
          ) : (
            <ul className="mt-3 flex flex-col gap-3">
              {limits.map(({ name, most, used }) => (
                <Limit key={name} name={name} most={most} used={used} />
              ))}
            </ul>
          )}
          <p className="mt-3 flex min-h-5 justify-between gap-3 border-line border-t pt-3 text-sm">
            <span>{t("clients.files")}</span>
            <span className="num text-muted">
              {stored && t("clients.filesOf", { count: stored.files, size: bytes(stored.bytes, locale) })}
            </span>
          </p>
        </>
      )}
    </Panel>
  );
}

function Limit({ name, most, used }: { name: string; most: number; used: number | undefined }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const label = i18n.exists(`clients.limits.${name}`) ? t(`clients.limits.${name}` as "clients.limits.members") : name;
  const part = used === undefined ? undefined : most > 0 ? used / most : 1;
  const tone = part === undefined || part < 0.8 ? "bg-accent" : part < 1 ? "bg-warning" : "bg-danger";
  return (
    <li>
      <p className="flex justify-between gap-3 text-sm">
        <span>{label}</span>
        <span className="num text-muted">
          {used === undefined
            ? t("clients.upTo", { most: formats.count(most) })
            : t("clients.usedOf", { used: formats.count(used), most: formats.count(most) })}
        </span>
      </p>
      {part !== undefined && (
        // biome-ignore lint/a11y/useSemanticElements: browsers draw their own meter
        <div
          role="meter"
          aria-label={label}
          aria-valuemin={0}
          aria-valuemax={most}
          aria-valuenow={Math.min(used ?? 0, most)}
          className="mt-1.5 h-1 overflow-hidden rounded-full bg-line"
        >
          <span className={`block h-full rounded-full ${tone}`} style={{ width: `${Math.min(100, part * 100)}%` }} />
        </div>
      )}
    </li>
  );
}
