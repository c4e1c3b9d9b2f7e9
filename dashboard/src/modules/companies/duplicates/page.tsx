import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { readView } from "../../duplicates/address";
import { Candidates, Frame, Merges } from "../../duplicates/frame";
import { PairRow, useTurn } from "../../duplicates/lists";
import { Runs } from "../../duplicates/runs";
import { dismissed, type Group, groups, merges, type Pair, runs, useDecide, useUndo } from "./data";
import { GroupRow, type Reason, sideOf } from "./groups";

export function DuplicatesPage() {
  const { t } = useTranslation();
  const view = readView({ ...useSearch({ from: "/shell/companies/duplicates" }) });
  return (
    <Frame
      kind="companies"
      view={view}
      tools={<Runs of={runs} scanning={t("companies.merging.scanning")} sureText={t("companies.merging.sureText")} />}
    >
      {view === "history" ? <History /> : view === "open" ? <Groups /> : <Dismissed />}
    </Frame>
  );
}

const ids = ({ id }: Pair) => [id];
/** A group is the same one while one of its pairs is: it may grow, and the surest of them may be another one. */
const pairsOf = ({ pairs }: Group) => pairs.map(({ id }) => id);

function Groups() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(groups());
  return (
    <Candidates
      state="open"
      query={query}
      emptyText={t("companies.merging.emptyText")}
      ids={pairsOf}
      row={(group) => {
        const [one, other] = group.companies;
        const pair = group.pairs[0];
        return group.companies.length === 2 && one && other && pair ? (
          <Row key={group.id} pair={{ ...pair, one, other, state: "open" }} />
        ) : (
          // The oldest one stays when others join.
          <GroupRow key={one?.company} group={group} />
        );
      }}
    />
  );
}

function Dismissed() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(dismissed());
  return (
    <Candidates
      state="dismissed"
      query={query}
      emptyText={t("companies.merging.emptyText")}
      ids={ids}
      row={(pair) => <Row key={pair.id} pair={pair} />}
    />
  );
}

type Shown = Pick<Pair, "id" | "one" | "other" | "state" | "confidence" | "reasons" | "version">;

function Row({ pair }: { pair: Shown }) {
  const { t } = useTranslation();
  const writes = useMay("companies.write");
  const { turn, busy } = useTurn(useDecide(), pair);
  return (
    <PairRow
      kind="companies"
      one={sideOf(pair.one)}
      other={sideOf(pair.other)}
      open={pair.state === "open"}
      confidence={pair.confidence}
      reasons={pair.reasons.map((reason) => t(`companies.merging.reason.${reason as Reason}`))}
      writes={writes}
      busy={busy}
      onTurn={turn}
    />
  );
}

function History() {
  const query = useInfiniteQuery(merges());
  return <Merges kind="companies" query={query} writes={useMay("companies.write")} undo={useUndo()} />;
}
