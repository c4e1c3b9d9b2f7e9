import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ok, ownApi, type Schema } from "@/api/client";
import { me } from "@/api/queries";
import { session } from "@/api/session";
import type { Visit, VisitEnd } from "@/api/visit";
import { useMe } from "@/app/may";
import { move } from "@/app/moving";
import { say, sayError } from "@/ui/toast";

/** Minutes until a visit ends by itself. The server allows an hour at most. */
export const MINUTES = 30;

/** A started impersonation, whoever started it, with the names that its token does not tell. */
export interface Handed {
  started: Schema["Started"];
  place: string;
  agency?: string;
  by: Visit["by"];
}

const visitOf = ({ started, place, agency, by }: Handed, back: string): Visit => ({
  id: started.impersonation.id,
  tenant: started.impersonation.tenant,
  accessToken: started.access_token,
  expiresAt: Date.now() + started.expires_in * 1000,
  readOnly: !started.impersonation.may_act,
  place,
  person: started.impersonation.impersonator,
  ...(agency && { agency }),
  ...(started.impersonation.member && { member: started.impersonation.member }),
  reason: started.impersonation.reason,
  by,
  back,
});

/** Takes a handed token over: works inside the tenant from now on, in this tab, until the visit is over. */
export function useTakeOver(): (handed: Handed) => Promise<void> {
  const router = useRouter();
  const cache = useQueryClient();
  return (handed) =>
    move(async () => {
      const back = router.state.location.href;
      await cache.cancelQueries();
      session.enter(visitOf(handed, back));
      cache.removeQueries({ type: "inactive" });
      await router.navigate({ to: "/" });
    });
}

/** An agency's member enters one of its clients. */
export function useEnter(client: { id: string; name: string }) {
  const who = useMe();
  const takeOver = useTakeOver();
  return async (wish: Pick<Schema["NewImpersonation"], "reason" | "may_act" | "member">) => {
    const body = { ...wish, tenant: client.id, minutes: MINUTES };
    const started = await ok(api.POST("/v1/impersonations", { body }));
    await takeOver({ started, place: client.name, by: "agency", ...(who && { agency: who.tenant.name }) });
  };
}

/** From looking to acting: another impersonation, with the time that is left, takes the place of this one. */
export function useActForThem(visit: Visit) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async () => {
      const minutes = Math.max(1, Math.floor((visit.expiresAt - Date.now()) / 60_000));
      const { tenant, reason, place, agency, by, back } = visit;
      const member = visit.member ? { member: visit.member } : {};
      const body = { tenant, reason, minutes, may_act: true, ...member };
      const started = await ok(ownApi.POST("/v1/impersonations", { body }));
      session.change(visitOf({ started, place, by, ...(agency && { agency }) }, back));
      await end(visit);
      await cache.invalidateQueries({ queryKey: me.queryKey });
    },
    onError: (error) => sayError(t("visit.act"), error.message),
  });
}

/** Its own token ends it, whoever started it; one that cannot be reached ends with its time. */
async function end({ id, accessToken }: Visit): Promise<void> {
  const headers = { authorization: `Bearer ${accessToken}` };
  await fetch(`/v1/impersonations/${id}`, { method: "DELETE", headers, keepalive: true }).catch(() => undefined);
}

/** Back to where he came from. */
export function useWayOut() {
  const { t } = useTranslation();
  const router = useRouter();
  const cache = useQueryClient();
  return ({ visit, why }: { visit: Visit; why: VisitEnd }) =>
    move(async () => {
      await cache.cancelQueries();
      if (why === "left") await end(visit);
      // After a reload nobody knows the own tenant's token yet.
      if (visit.by === "agency") await session.own().catch(() => undefined);
      await router.navigate({ href: visit.back, replace: true });
      session.leave();
      const words = { left: "visit.leftPlace", time: "visit.timeUp", elsewhere: "visit.endedElsewhere" } as const;
      say(t(words[why], { place: visit.place }), why === "left" ? {} : { description: t("visit.backNow") });
    });
}
