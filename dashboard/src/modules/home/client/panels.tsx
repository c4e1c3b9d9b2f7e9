import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { may, type Me } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { unread } from "@/modules/notifications/unread";
import { NotificationList, ReadAll } from "@/modules/notifications/list";
import { Boundary } from "@/ui/boundary";
import { useHas } from "@/ui/go";
import { Panel } from "@/ui/panel";
import { contactFigures, formFigures, widgetFigures } from "../data";
import { Change, Figure, Strip } from "../figure";
import { Forms } from "./forms";
import { Open, Won } from "./money";
import { Needs } from "./needs";
import { Newest, newestContacts } from "./newest";
import { useNeeds } from "./verdict";

const Pipeline = lazy(async () => ({ default: (await import("./pipeline")).Pipeline }));
/** As high as what comes. */
const pipelineRoom = <div className="h-[382px] rounded-panel border border-line bg-surface max-md:h-[332px]" />;

/** What stands below the sky: figures, what needs somebody, who came, how forms do. */
export function Panels({ me }: { me: Me }) {
  const { t } = useTranslation();
  const count = useQuery({ ...unread, enabled: Boolean(me.user) }).data?.count;
  const [contacts, forms] = [may(me, "contacts.read"), may(me, "forms.read")];
  // What stands below something of unknown height comes after it, so nothing is pushed away under a finger.
  const { pending } = useNeeds(me);
  const newest = useInfiniteQuery({ ...newestContacts, enabled: contacts });
  return (
    <div className="flex flex-col gap-4 px-7 pt-2 pb-8 max-md:gap-3.5 max-md:px-4">
      <Figures me={me} />
      <div className="grid items-start gap-4 max-md:gap-3.5 lg:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4 max-md:gap-3.5">
          <Boundary>
            <Needs me={me} />
          </Boundary>
          {forms && !pending && (
            <Boundary>
              <Forms />
            </Boundary>
          )}
          {contacts && !pending && (
            <Boundary>
              <Newest />
            </Boundary>
          )}
        </div>
        <div className={`flex min-w-0 flex-col gap-4 max-md:gap-3.5 ${pending ? "max-lg:hidden" : ""}`}>
          {may(me, "deals.read") && (
            <Boundary>
              <Suspense fallback={pipelineRoom}>
                <Pipeline />
              </Suspense>
            </Boundary>
          )}
          {me.user && (!contacts || !newest.isLoading) && (
            <Panel title={t("home.unread")} more={<ReadAll disabled={!count} />} flush className="print:hidden">
              <Boundary>
                <NotificationList asked={{ which: "unread" }} most={6} />
              </Boundary>
            </Panel>
          )}
        </div>
      </div>
    </div>
  );
}

function Figures({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { count, locale } = useFormats();
  const has = useHas();
  const contacts = useQuery({ ...contactFigures, enabled: may(me, "contacts.read") });
  const forms = useQuery({ ...formFigures, enabled: may(me, "forms.read") });
  const widgets = useQuery({ ...widgetFigures, enabled: may(me, "tenants.read") });
  const percent = (part: number) => new Intl.NumberFormat(locale, { style: "percent" }).format(part);
  const [made, answers, shown] = [contacts.data, forms.data, widgets.data];
  const rate = answers && rateOf(answers.week);
  const rateBefore = answers && rateOf(answers.before);
  const failed = (query: { isError: boolean; data: unknown }) => query.isError && query.data === undefined;
  const deals = may(me, "deals.read");
  return (
    <Strip label={t("home.figures")}>
      {deals && (
        <>
          <Won />
          <Open />
        </>
      )}
      {may(me, "contacts.read") && (
        <Figure
          label={t("home.newContacts")}
          value={made && count(made.week)}
          failed={failed(contacts)}
          to="/contacts?sort=-created_at"
          change={made && <Change now={made.week} before={made.before} />}
          days={made?.days.map((day) => day.made)}
        />
      )}
      {may(me, "forms.read") && (
        <Figure
          label={t("home.answers")}
          value={answers && count(answers.week.answers)}
          failed={failed(forms)}
          to={has("/submissions") ? `/submissions?from=${answers?.days[7]?.day ?? ""}` : undefined}
          change={answers && <Change now={answers.week.answers} before={answers.before.answers} />}
          days={answers?.days.map((day) => day.answers)}
        />
      )}
      {!deals && may(me, "forms.read") && (
        <Figure
          label={t("home.conversion")}
          value={answers && (rate === undefined ? "–" : percent(rate))}
          failed={failed(forms)}
          to={has("/forms") ? "/forms" : undefined}
          change={
            answers &&
            (rate === undefined ? (
              t("home.nobodyBegan")
            ) : rateBefore === undefined ? (
              t("home.ofBegan", { count: answers.week.starts })
            ) : (
              <Change now={Math.round(rate * 100)} before={Math.round(rateBefore * 100)} unit="points" />
            ))
          }
          days={answers?.days.map((day) => rateOf(day) ?? 0)}
        />
      )}
      {!deals && may(me, "tenants.read") && (
        <Figure
          label={t("home.shown")}
          value={shown && count(shown.week)}
          failed={failed(widgets)}
          to={has("/widgets") ? "/widgets" : undefined}
          change={shown && <Change now={shown.week} before={shown.before} />}
          days={shown?.days.map((day) => day.count)}
        />
      )}
    </Strip>
  );
}

/** Of those who began a form, how many sent it. A form filled in before it was counted may have more answers. */
const rateOf = ({ starts, answers }: { starts: number; answers: number }): number | undefined =>
  starts > 0 ? Math.min(1, answers / starts) : undefined;
