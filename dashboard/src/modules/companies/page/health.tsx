import { useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Failed, Skeleton } from "@/ui/states";
import { Card } from "../../contacts/person/card";
import { type Company, type Health, health } from "../data";
import { BAND_LOOK } from "../parts";

type Part = Health["parts"][number];

/** How it is going, and why: every part of the sum is told, also those that nobody knows. */
export function HealthCard({ company }: { company: Company }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const { data, error, refetch } = useQuery(health(company.id));
  if (error && !data)
    return (
      <Card title={t("companies.health")}>
        <Failed error={error} onRetry={() => void refetch()} />
      </Card>
    );
  if (!data)
    return (
      <Card title={t("companies.health")}>
        <Skeleton className="h-40 w-full" />
      </Card>
    );
  const { score } = data;
  const band = score == null ? undefined : score >= 70 ? "good" : score >= 40 ? "fair" : "poor";
  return (
    <Card title={t("companies.health")}>
      {band && score != null ? (
        <p className="mb-3 flex items-baseline gap-2">
          <b className="wide num text-[30px] leading-none font-[590]">{count(score)}</b>
          <span className={clsx("text-sm font-[560]", BAND_LOOK[band])}>{t(`companies.band.${band}`)}</span>
        </p>
      ) : (
        <p className="mb-3 text-sm text-muted">{t(data.ended ? "companies.healthEnded" : "companies.healthUnknown")}</p>
      )}
      <ul className="flex flex-col gap-3">
        {data.parts.map((part) => (
          <Row key={part.part} part={part} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ part }: { part: Part }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const share = part.most > 0 ? part.points / part.most : 0;
  const tone = share >= 0.7 ? "fill-success" : share >= 0.4 ? "fill-warning" : "fill-danger";
  return (
    <li className="text-sm">
      <p className="flex justify-between gap-2">
        <span className="font-[560]">{t(`companies.part.${part.part}`)}</span>
        <span className="num text-cap text-muted">
          {part.counted ? t("companies.points", { points: count(part.points), most: count(part.most) }) : "–"}
        </span>
      </p>
      <span className="my-1 block h-1 overflow-hidden rounded-full bg-sunken">
        {part.counted && (
          <svg aria-hidden="true" viewBox="0 0 100 4" preserveAspectRatio="none" className="block h-1 w-full">
            <rect width={100 * share} height="4" className={tone} />
          </svg>
        )}
      </span>
      <p className="text-[12.5px] text-muted">{why(part, t)}</p>
    </li>
  );
}

/** What was found, in the words of the reader. */
function why({ part, finding, days, recent, before }: Part, t: TFunction): string {
  if (part === "rhythm")
    return finding === "unknown"
      ? t("companies.finding.rhythmUnknown")
      : t("companies.finding.rhythm", { recent: recent ?? 0, before: before ?? 0 });
  if (part === "touch") {
    if (finding === "no_people") return t("companies.finding.noPeople");
    if (finding === "never") return t("companies.finding.never");
    return days ? t("companies.finding.touch", { count: days }) : t("companies.finding.today");
  }
  if (part === "renewal") {
    if (finding === "unknown") return t("companies.finding.renewalUnknown");
    if (finding === "open") return t("companies.finding.open", { count: days ?? 0 });
    if (finding === "passed") return t("companies.finding.passed", { count: -(days ?? 0) });
    return t("companies.finding.renewal", { count: days ?? 0 });
  }
  if (finding === "known") return t("companies.finding.known");
  if (finding === "no_decider") return t("companies.finding.noDecider");
  if (finding === "no_first") return t("companies.finding.noFirst");
  return finding === "no_roles" ? t("companies.finding.noRoles") : t("companies.finding.noPeople");
}
