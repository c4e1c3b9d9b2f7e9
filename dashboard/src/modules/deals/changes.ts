import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useOptimistic } from "@/api/optimistic";
import { ApiProblem } from "@/api/problem";
import { sayThrown } from "@/i18n/problems";
import { say, sayError } from "@/ui/toast";
import { namesOf } from "./asked";
import { type Board, type Deal, deal as one } from "./data";

/** A card on its way: to which stage, between which cards. */
export interface Move {
  deal: Deal;
  stage: string;
  /** Place among the cards of the stage that are left when it is taken out. */
  index: number;
  after?: string;
  before?: string;
  /** What the stage is called. */
  name?: string;
  /** Where the card stood, for the way back. */
  back?: Omit<Move, "deal" | "stage">;
}

/** A board on which the card stands where it was put. Sums follow; what the server says comes a moment later. */
export function moved(board: Board, { deal, stage, index }: Move): Board {
  if (!board.stages.some(({ id }) => id === stage)) return board;
  return {
    ...board,
    stages: board.stages.map((lane) => {
      const from = lane.id === deal.stage;
      const to = lane.id === stage;
      if (!from && !to) return lane;
      const cards = lane.cards.filter(({ id }) => id !== deal.id);
      if (to) cards.splice(Math.min(index, cards.length), 0, { ...deal, stage });
      const more = (to ? 1 : 0) - (from ? 1 : 0);
      return {
        ...lane,
        cards,
        count: lane.count + more,
        totals: summed(lane, deal, more),
        home: converted(lane, deal, more),
      };
    }),
  };
}

function summed(lane: Board["stages"][number], deal: Deal, more: number): Schema["Total"][] {
  if (more === 0) return lane.totals;
  const weighted = Math.round((deal.amount * lane.probability.used) / 100);
  const old = lane.totals.find(({ currency }) => currency === deal.currency);
  const none = { currency: deal.currency, count: 0, amount: 0, weighted: 0 };
  const sum = old ?? none;
  const next = {
    ...sum,
    count: sum.count + more,
    amount: sum.amount + more * deal.amount,
    weighted: sum.weighted + more * weighted,
  };
  return [...lane.totals.filter((total) => total !== old), ...(next.count > 0 ? [next] : [])];
}

/** The same in the account's own currency; what could not be converted is named after the next answer. */
function converted({ home, probability }: Board["stages"][number], deal: Deal, more: number): Schema["HomeTotal"] {
  if (typeof deal.home_amount !== "number") return home;
  const weighted = Math.round((deal.home_amount * probability.used) / 100);
  return {
    ...home,
    count: home.count + more,
    amount: home.amount + more * deal.home_amount,
    weighted: (home.weighted ?? 0) + more * weighted,
  };
}

/** A card that lacks what the stage asks for to which it was put. */
export interface Lacking {
  move: Move;
  /** Fields as the API names them: `/amount`, `/custom/seats`. */
  pointers: string[];
  /** What they are called. */
  names: string[];
}

/** Has a deal asked for what it lacks, or says in the reader's words why it could not go where it was put. */
function useRefusal(onLacking: (lacking: Lacking) => void) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return async (error: unknown, move: Move) => {
    const needs = error instanceof ApiProblem ? error.fields.filter(({ code }) => code === "stage_requires") : [];
    const pointers = needs.map(({ field }) => field);
    // Without what the fields are called it is said all the same.
    const names = await namesOf(pointers, cache, t).catch(() => pointers.map((pointer) => pointer.slice(1)));
    if (needs.length > 0) return onLacking({ move, pointers, names });
    sayError(t("deals.notMoved", { title: move.deal.title }), sayThrown(error));
  };
}

/** The page of a deal has what was answered at once: who edits it then edits this one, and is nobody else to himself. */
const keep = (cache: QueryClient, fresh: Deal) => cache.setQueryData(one(fresh.id).queryKey, fresh);

/** Drags: shown at once, taken back when the server refuses them, and for eight seconds when the person does. */
export function useMoves(onLacking: (lacking: Lacking) => void, onMoved?: () => void) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const refuse = useRefusal(onLacking);
  const send = ({ deal, stage, after, before }: Move) =>
    ok(
      api.POST("/v1/deals/{id}/moves", {
        params: { path: { id: deal.id } },
        body: { stage, from: deal.stage, ...(after && { after }), ...(before && { before }) },
      }),
    );
  const { mutate } = useOptimistic<Move, Deal, Board>({
    key: ["deals", "board"],
    send,
    apply: moved,
    onError: (error, move) => void refuse(error, move),
    onSuccess: (fresh) => {
      keep(cache, fresh);
      onMoved?.();
    },
  });
  return (move: Move, name: string, back?: Move["back"]) =>
    mutate(
      { ...move, name, back },
      {
        onSuccess: (fresh) => {
          if (move.stage === move.deal.stage) return;
          const undo = back && (() => mutate({ ...back, deal: fresh, stage: move.deal.stage }));
          say(t("deals.moved", { title: move.deal.title, stage: name }), { undo });
        },
      },
    );
}

/** Ends and deletions, with their ways back. */
export function useEnds() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const done = () => cache.invalidateQueries({ queryKey: ["deals"] });
  const fail = (error: unknown) => {
    sayError(sayThrown(error));
    void done();
  };
  const reopen = useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/deals/{id}/reopening", { params: { path: { id } } })),
    onSuccess: (fresh) => {
      keep(cache, fresh);
      void done();
    },
    onError: fail,
  });
  const close = useMutation({
    mutationFn: ({ deal, ...body }: { deal: Deal } & Schema["NewOutcome"]) =>
      ok(api.POST("/v1/deals/{id}/outcome", { params: { path: { id: deal.id } }, body })),
    onSuccess: (fresh) => {
      keep(cache, fresh);
      void done();
      const status = fresh.status === "open" ? "won" : fresh.status;
      say(t(`deals.said.${status}`, { title: fresh.title }), { undo: () => reopen.mutate(fresh.id) });
    },
  });
  const restore = useMutation({
    mutationFn: (id: string) => ok(api.POST("/v1/deals/{id}/restoration", { params: { path: { id } } })),
    onSuccess: (fresh) => {
      void done();
      say(t("deals.said.restored", { title: fresh.title }));
    },
    onError: fail,
  });
  const remove = useMutation({
    mutationFn: (deal: Deal) => ok(api.DELETE("/v1/deals/{id}", { params: { path: { id: deal.id } } })),
    onSuccess: (_, deal) => {
      void done();
      say(t("deals.said.deleted", { title: deal.title }), { undo: () => restore.mutate(deal.id) });
    },
    onError: fail,
  });
  const win = (deal: Deal) => close.mutate({ deal, status: "won" }, { onError: fail });
  return { close, reopen, remove, restore, win };
}
