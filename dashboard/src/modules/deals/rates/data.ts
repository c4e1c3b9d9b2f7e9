import { queryOptions } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import { paged } from "@/api/pages";

export type Rate = Schema["ExchangeRate"];
export type NewRate = Schema["NewExchangeRate"];
export type Settings = Schema["ExchangeSettings"];

/** Rates into the account's own currency, the latest first. */
export const rates = paged<Rate>(["exchange_rates", "list"], (cursor, signal) =>
  ok(api.GET("/v1/exchange-rates", { params: { query: { limit: 20, cursor } }, signal })),
);

/** All of them as a file, which can be imported as it is. */
export const ratesFile = (): Promise<unknown> => ok(api.GET("/v1/exchange-rates/export", { parseAs: "blob" }));

export const settings = queryOptions({
  queryKey: ["exchange_settings"],
  queryFn: ({ signal }) => ok(api.GET("/v1/exchange-settings", { signal })),
});

/** What the server takes for a rate: a number with a point, whichever mark the reader's keyboard has. */
export function rateOf(text: string): string | undefined {
  const plain = text.trim().replace(",", ".");
  return /^\d{1,8}(\.\d{1,12})?$/.test(plain) && Number(plain) > 0 ? plain : undefined;
}
