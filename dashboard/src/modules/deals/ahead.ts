import { queries } from "@/api/queries";
import type { DealsSearch } from "./address";
import { savedViews } from "../views/data";
import { board, pipelines } from "./data";

/** Asks for the board as it is without conditions; whoever wants it narrower has it asked for by the page. */
export async function ahead({ line, q, owner, company, closes, f, view = "board", at }: DealsSearch): Promise<void> {
  const plain = view === "board" && !q && !owner && !company && !closes && !f && !at;
  // Whether there is a row of views is known before the page is drawn.
  void queries.prefetchQuery(savedViews("deals"));
  const known = await queries.ensureQueryData(pipelines).catch(() => undefined);
  const first = known?.items.find(({ id }) => id === line) ?? known?.items[0];
  if (plain && first) await queries.prefetchQuery(board(first.id, { filter: [] }));
}
