import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { RotateCcw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { Section } from "@/modules/settings/section";
import { Button } from "@/ui/button";
import { Panel } from "@/ui/panel";
import { Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Brand, brand } from "./data";
import { BrandForm } from "./form";
import { put } from "./wear";

export function BrandPage() {
  const query = useQuery(brand);
  return (
    <Section id="brand" wide actions={query.data?.own && <Reset brand={query.data} />}>
      {query.data ? (
        // After a reset the form begins anew; after somebody else's change it merges.
        <BrandForm key={query.data.own ? "own" : "none"} brand={query.data} />
      ) : (
        <Panel bare>
          {query.isError ? (
            <Failed error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <SkeletonRows rows={5} tall />
          )}
        </Panel>
      )}
    </Section>
  );
}

/** Without a brand of its own again; what there was comes back with one click. */
function Reset({ brand: before }: { brand: Brand }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const writes = useMay("tenants.write");
  const again = async () => put(cache, await cache.fetchQuery({ ...brand, staleTime: 0 }));
  const onError = (error: Error) => sayError(t("error.notSaved"), sayThrown(error));
  const undo = useMutation({
    mutationFn: () => {
      const { name, logo_url, colors, legal_links, sky } = before;
      const body = { name, colors, legal_links, ...(logo_url && { logo_url }), ...(sky != null && { sky }) };
      return ok(api.PUT("/v1/brand", { body }));
    },
    onSuccess: async () => {
      await again();
      say(t("action.undone"));
    },
    onError,
  });
  const reset = useMutation({
    mutationFn: () => ok(api.DELETE("/v1/brand")),
    onSuccess: async () => {
      await again();
      say(t("brand.wasReset"), { undo: () => undo.mutate() });
    },
    onError,
  });
  if (!writes) return null;
  return (
    <Button writes icon={<RotateCcw />} busy={reset.isPending} onClick={() => reset.mutate()}>
      {t("brand.reset")}
    </Button>
  );
}
