import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Link } from "@/ui/link";
import { Failed, SkeletonRows } from "@/ui/states";
import { scoreOf } from "./data";

/** Which rules gave how many points, from what. */
export function Reasons({ contact }: { contact: string }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const query = useQuery(scoreOf(contact));
  const signed = new Intl.NumberFormat(formats.locale, { signDisplay: "exceptZero" });
  if (query.isPending) return <SkeletonRows rows={4} />;
  if (query.isError) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const { score, sum, reasons, warm_from, hot_from, as_of } = query.data;
  return (
    <div className="w-[320px] max-w-[calc(100vw-32px)] p-4 text-sm">
      <h3 className="mb-2 font-semibold">{t("scores.why", { score: formats.count(score) })}</h3>
      {reasons.length === 0 ? (
        <p className="text-muted">{t("scores.whyNone")}</p>
      ) : (
        <table className="w-full">
          <thead className="sr-only">
            <tr>
              <th scope="col">{t("scores.rule")}</th>
              <th scope="col">{t("scores.points")}</th>
            </tr>
          </thead>
          <tbody>
            {reasons.map(({ rule, name, points, kind, count, newest }) => (
              <tr key={rule} className="border-line not-first:border-t">
                <th scope="row" className="py-1.5 text-start font-[450]">
                  <bdi>{name}</bdi>
                  {kind === "behaviour" && (
                    <span className="block text-cap text-muted">
                      {[t("scores.counted", { count }), newest && t("scores.last", { when: formats.when(newest) })]
                        .filter(Boolean)
                        .join(", ")}
                    </span>
                  )}
                </th>
                <td className="num py-1.5 ps-3 text-end align-top font-[570]" dir="ltr">
                  {signed.format(points)}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr className="border-line-2 border-t">
              <th scope="row" className="py-1.5 text-start font-semibold">
                {t("scores.sum")}
                {sum !== score && (
                  <span className="block text-cap font-[420] text-muted">
                    {t("scores.kept", { score: formats.count(score) })}
                  </span>
                )}
              </th>
              <td className="num py-1.5 ps-3 text-end align-top font-semibold" dir="ltr">
                {formats.count(sum)}
              </td>
            </tr>
          </tfoot>
        </table>
      )}
      <p className="mt-2 text-cap text-muted">
        {t("scores.asOf", {
          day: formats.day(`${as_of}T12:00:00Z`),
          warm: formats.count(warm_from),
          hot: formats.count(hot_from),
        })}
      </p>
      <p className="mt-2">
        <Link to="/settings/scoring">{t("scores.change")}</Link>
      </p>
    </div>
  );
}
