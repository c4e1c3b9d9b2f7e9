import { useQuery } from "@tanstack/react-query";
import { Inbox } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMay, useMe } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { type Offer, offers, useClientChange } from "./data";
import { Notice } from "./notices";

/** Clients that other agencies want to hand over. */
export function Offers() {
  const me = useMe();
  const items = useQuery(offers).data?.items.filter((offer) => offer.to_id === me?.tenant.id) ?? [];
  if (items.length === 0) return null;
  return (
    <div className="flex flex-col gap-2.5 px-7 pb-3.5 max-md:px-4">
      {items.map((offer) => (
        <One key={offer.id} offer={offer} />
      ))}
    </div>
  );
}

function One({ offer }: { offer: Offer }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const may = useMay("tenants.transfer");
  const [asking, setAsking] = useState(false);
  const path = { params: { path: { id: offer.id } } };
  const name = offer.client_name;
  const accept = useClientChange(
    () => ok(api.POST("/v1/transfers/{id}/acceptance", path)),
    t("clients.offerAccepted", { name }),
    () => setAsking(false),
  );
  const refuse = useClientChange(
    () => ok(api.POST("/v1/transfers/{id}/refusal", path)),
    t("clients.offerRefused", { name }),
  );
  return (
    <Notice tone="accent" icon={<Inbox />} title={t("clients.offerGot", { agency: offer.from_name, name })}>
      <span className="min-w-0 break-words">
        {offer.note && <q>{offer.note}</q>} {t("clients.offerUntil", { date: formats.day(offer.expires_at) })}
      </span>
      {may && (
        <span className="ms-auto flex gap-2">
          <Button writes size="small" look="ghost" busy={refuse.isPending} onClick={() => refuse.mutate(undefined)}>
            {t("clients.refuse")}
          </Button>
          <Button writes size="small" onClick={() => setAsking(true)}>
            {t("clients.accept")}
          </Button>
        </span>
      )}
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t("clients.acceptTitle", { name })}
        lead={t("clients.acceptText")}
      >
        <footer className="flex justify-end gap-2">
          <Button look="ghost" onClick={() => setAsking(false)}>
            {t("action.cancel")}
          </Button>
          <Button look="primary" busy={accept.isPending} onClick={() => accept.mutate(undefined)}>
            {t("clients.accept")}
          </Button>
        </footer>
      </Dialog>
    </Notice>
  );
}
