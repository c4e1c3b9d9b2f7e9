import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { board, pipelines } from "@/modules/deals/data";
import { useStages } from "@/modules/deals/parts/stages";
import { PipelineSky } from "@/sky/Deals/PipelineSky";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Empty, Failed, Skeleton } from "@/ui/states";
import type { Board } from "@/modules/deals/data";

/** Open deals of the first pipeline as half a sky. */
export function Pipeline() {
  const { t } = useTranslation();
  const lines = useQuery(pipelines);
  const query = useQuery(board(lines.data?.[0]?.id ?? "", { filter: [] }));
  const more = (
    <Link to="/deals" className="text-[12.5px]">
      {t("home.allDeals")}
    </Link>
  );
  const failed = [lines, query].find(({ isError, data }) => isError && !data);
  return (
    <Panel title={t("home.pipeline")} note={t("home.pipelineNote")} more={more}>
      <div className="h-[300px] max-md:h-[250px]">
        {failed ? (
          <Failed error={failed.error} onRetry={() => void failed.refetch()} />
        ) : query.data?.count === 0 ? (
          <Empty title={t("home.pipelineNone")}>{t("home.pipelineNoneText")}</Empty>
        ) : query.data ? (
          <Dome board={query.data} />
        ) : (
          <Skeleton className="mx-auto mt-auto h-full max-w-[560px] rounded-t-full rounded-b-none" />
        )}
      </div>
    </Panel>
  );
}

function Dome({ board }: { board: Board }) {
  return <PipelineSky stages={useStages(board)} currency={board.totals[0]?.currency ?? "USD"} />;
}
