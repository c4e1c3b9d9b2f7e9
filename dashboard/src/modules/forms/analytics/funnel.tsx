import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { Figures } from "./page";

interface Stage {
  name: string;
  count: number;
  lost?: number;
}

/** From being seen to being sent: each bar as long as the share of people who got there. */
export function Funnel({ figures }: { figures: Figures }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const stages: Stage[] = [
    ...(figures.views == null ? [] : [{ name: t("forms.views"), count: figures.views }]),
    { name: t("forms.starts"), count: figures.starts },
    ...(figures.steps.length > 1
      ? figures.steps.map(({ title, reached, dropped }, index) => ({
          name: title || t("forms.stepNumber", { n: index + 1 }),
          count: reached,
          lost: dropped,
        }))
      : []),
    { name: t("forms.completions"), count: figures.completions },
  ];
  const most = Math.max(1, ...stages.map(({ count }) => count));
  const percent = new Intl.NumberFormat(formats.locale, { style: "percent", maximumFractionDigits: 0 });
  return (
    <ol className="flex flex-col gap-2">
      {stages.map(({ name, count, lost }, index) => (
        <li key={index} className="grid grid-cols-[minmax(90px,180px)_minmax(0,1fr)_auto] items-center gap-3 text-sm">
          <bdi className="truncate">{name}</bdi>
          <span aria-hidden="true" className="block h-5 overflow-hidden rounded-[4px] bg-sunken">
            <span
              className="block h-full rounded-[2px] bg-chart-1"
              style={{ width: `${(100 * count) / most}%`, minWidth: count > 0 ? 2 : 0 }}
            />
          </span>
          <span className="num w-36 text-end max-sm:w-24">
            {formats.count(count)}
            <span className="text-muted"> · {percent.format(count / most)}</span>
            {lost !== undefined && lost > 0 && (
              <span className="block text-cap text-warning-text">{t("forms.leftHere", { count: lost })}</span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

/** Where people stop: each field with how many answered it, stumbled over it and went no further. */
export function FieldTable({ figures }: { figures: Figures }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const most = Math.max(1, figures.starts, ...figures.fields.map(({ answered }) => answered));
  const head = "narrow h-9 px-3 text-start text-cap font-[540] text-muted";
  const cell = "num h-11 px-3 text-end";
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-[13.5px]">
        <thead>
          <tr className="border-line border-b">
            <th scope="col" className={`${head} ps-[18px]`}>
              {t("forms.question")}
            </th>
            <th scope="col" className={`${head} w-[34%] max-md:hidden`}>
              <span className="sr-only">{t("forms.answered")}</span>
            </th>
            <th scope="col" className={`${head} text-end!`}>
              {t("forms.answered")}
            </th>
            <th scope="col" className={`${head} text-end!`}>
              {t("forms.refusedTimes")}
            </th>
            <th scope="col" className={`${head} pe-[18px] text-end!`}>
              {t("forms.stoppedHere")}
            </th>
          </tr>
        </thead>
        <tbody>
          {figures.fields.map(({ key, label, answered, errors, dropped }) => (
            <tr key={key} className="border-line border-b last:border-0">
              <th scope="row" className="max-w-[30ch] truncate px-3 ps-[18px] text-start font-[540]">
                <bdi>{label || key}</bdi>
              </th>
              <td className="px-3 max-md:hidden">
                <span aria-hidden="true" className="flex h-3 overflow-hidden rounded-[3px] bg-sunken">
                  <span
                    className="bg-chart-1"
                    style={{ width: `${(100 * Math.max(0, answered - dropped)) / most}%` }}
                  />
                  <span className="bg-chart-2" style={{ width: `${(100 * Math.min(dropped, answered)) / most}%` }} />
                </span>
              </td>
              <td className={cell}>{formats.count(answered)}</td>
              <td className={`${cell} ${errors > 0 ? "text-danger-text" : "text-muted"}`}>{formats.count(errors)}</td>
              <td className={`${cell} pe-[18px] ${dropped > 0 ? "text-warning-text" : "text-muted"}`}>
                {formats.count(dropped)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
