import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Boundary } from "@/ui/boundary";
import { clientsOverview } from "../data";
import { Change, Figure, Strip } from "../figure";
import { Greeting } from "../greeting";
import { Activity } from "./activity";
import { Attention } from "./attention";
import { Limits, Newest, Trials } from "./side";

/** An agency's clients at a glance: who needs somebody, what goes on, what runs out. */
export function Panels({ name }: { name: string | undefined }) {
  const { t } = useTranslation();
  const { count } = useFormats();
  const query = useQuery(clientsOverview);
  const { data } = query;
  const failed = query.isError && !data;
  const days = data?.days;
  return (
    <div className="flex flex-col gap-4 px-7 pt-6 pb-8 max-md:gap-3.5 max-md:px-4 max-md:pt-4">
      <header className="max-w-[640px] pb-1">
        <Greeting name={name}>
          {failed
            ? t("home.verdict.unknown")
            : data &&
              (data.totals.clients === 0
                ? t("home.verdict.noClients")
                : data.attention_count > 0
                  ? data.attention_count === data.totals.clients
                    ? t("home.verdict.clientsAll", { count: data.attention_count })
                    : // Who is quiet is neither in need nor on course.
                      data.totals.idle === 0
                      ? t("home.verdict.clients", { count: data.attention_count })
                      : t("home.verdict.clientsSome", { count: data.attention_count })
                  : data.totals.idle === 0
                    ? t("home.verdict.clientsCalm", { count: data.totals.clients })
                    : t("home.attentionNone"))}
        </Greeting>
      </header>
      <Strip label={t("home.figures")}>
        <Figure
          label={t("home.clients")}
          value={data && count(data.totals.clients)}
          failed={failed}
          to="/clients"
          change={data && t("home.onCourse", { count: data.totals.good })}
        />
        <Figure
          label={t("home.needAttention")}
          value={data && count(data.attention_count)}
          failed={failed}
          sun={(data?.attention_count ?? 0) > 0}
          to="/clients"
          change={
            data &&
            (data.totals.stopped > 0 ? t("home.ofStopped", { count: data.totals.stopped }) : t("home.noneStopped"))
          }
        />
        <Figure
          label={t("home.newContacts")}
          value={data && count(data.week.contacts)}
          failed={failed}
          to="/clients"
          change={data && <Change now={data.week.contacts} before={data.before.contacts} />}
          days={days?.map((day) => day.contacts)}
        />
        <Figure
          label={t("home.answers")}
          value={data && count(data.week.answers)}
          failed={failed}
          to="/clients"
          change={data && <Change now={data.week.answers} before={data.before.answers} />}
          days={days?.map((day) => day.answers)}
        />
      </Strip>
      <div className="grid items-start gap-4 max-md:gap-3.5 lg:grid-cols-[minmax(0,1.45fr)_minmax(0,1fr)]">
        <div className="flex min-w-0 flex-col gap-4 max-md:gap-3.5">
          <Boundary>
            <Attention query={query} />
          </Boundary>
          {data && (
            <Boundary>
              <Activity query={query} />
            </Boundary>
          )}
        </div>
        {/* All of it is one answer: what stands below the first panel comes with it, so nothing is pushed away. */}
        {data && (
          <div className="flex min-w-0 flex-col gap-4 max-md:gap-3.5">
            <Boundary>
              <Limits query={query} />
            </Boundary>
            <Boundary>
              <Trials query={query} />
            </Boundary>
            <Boundary>
              <Newest query={query} />
            </Boundary>
          </div>
        )}
      </div>
    </div>
  );
}
