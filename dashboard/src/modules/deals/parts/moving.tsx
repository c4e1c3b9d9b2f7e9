import { lazy, useState } from "react";
import { withWords } from "@/i18n/words";
import { Opened } from "@/ui/opened";
import { type Lacking, useMoves } from "../changes";

const MissingDialog = lazy(async () => ({
  default: (await withWords(["contacts", "fields"], import("./missing"))).MissingDialog,
}));

/** Moves that ask for what the stage wants and the deal lacks, wherever they begin; the dialog stands beside what moves. */
export function useAskedMoves(onMoved?: () => void) {
  const [lacking, setLacking] = useState<Lacking>();
  const move = useMoves(setLacking, onMoved);
  const asking = (
    <Opened open={lacking !== undefined}>
      <MissingDialog
        lacking={lacking}
        onClose={() => setLacking(undefined)}
        onFilled={({ move: to }, deal) => move({ ...to, deal }, to.name ?? "", to.back)}
      />
    </Opened>
  );
  return { move, asking };
}
