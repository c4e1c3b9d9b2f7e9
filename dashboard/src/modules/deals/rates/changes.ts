import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { sayThrown } from "@/i18n/problems";
import { say, sayError } from "@/ui/toast";
import type { NewRate, Rate, Settings } from "./data";

/** What changes rates, each with its way back; every amount that is told in the account's own currency may be another one. */
export function useRateChanges() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const done = () =>
    Promise.all(
      ["exchange_rates", "exchange_settings", "deals", "companies", "reports"].map((subject) =>
        cache.invalidateQueries({ queryKey: [subject] }),
      ),
    );
  const onError = (error: unknown) => {
    sayError(t("error.notSaved"), sayThrown(error));
    void done();
  };
  const add = useMutation({
    mutationFn: (body: NewRate) => ok(api.POST("/v1/exchange-rates", { body })),
    onSuccess: (made) => {
      void done();
      say(t("deals.rates.added", { currency: made.currency }), { undo: () => drop.mutate(made, { onError }) });
    },
  });
  const drop = useMutation({
    mutationFn: ({ id, version }: Rate) =>
      ok(api.DELETE("/v1/exchange-rates/{id}", { params: { path: { id }, header: ifMatch(version) } })),
    onSuccess: (_, { currency, rate, valid_from }) => {
      void done();
      const undo = () => add.mutate({ currency, rate, valid_from }, { onError });
      say(t("deals.rates.removed", { currency }), { undo });
    },
    onError,
  });
  const set = useMutation({
    mutationFn: ({ id, version, rate }: Pick<Rate, "id" | "version" | "rate">) =>
      ok(api.PATCH("/v1/exchange-rates/{id}", { params: { path: { id }, header: ifMatch(version) }, body: { rate } })),
    onSuccess: () => {
      void done();
      say(t("action.saved"));
    },
  });
  const take = useMutation({
    mutationFn: (text: string) => ok(api.POST("/v1/exchange-rates/imports", { body: { text } })),
    onSuccess: () => void done(),
  });
  const settings = useMutation({
    mutationFn: ({ version, ...body }: Schema["ExchangeSettingsPatch"] & Pick<Settings, "version">) =>
      ok(api.PATCH("/v1/exchange-settings", { params: { header: ifMatch(version) }, body })),
    onSuccess: (fresh) => cache.setQueryData(["exchange_settings"], fresh),
    onError,
  });
  return { add, drop, set, take, settings };
}
