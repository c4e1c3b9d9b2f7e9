import { CirclePause, CirclePlay, EllipsisVertical, Hourglass, Pencil, Send, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { IconButton } from "@/ui/button";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";
import { type Client, useClientChange } from "./data";
import { DeleteClient, OfferClient, SuspendClient, TrialClient } from "./client-dialogs";
import { EditClient } from "./edit-client";

type Asking = "edit" | "trial" | "suspend" | "offer" | "delete";

/** What an agency can do with a client, as far as the role reaches and the client's state allows. */
export function ClientActions({ client }: { client: Client }) {
  const { t } = useTranslation();
  const writes = useMay("tenants.clients.write");
  const suspends = useMay("tenants.suspend");
  const transfers = useMay("tenants.transfer");
  const deletes = useMay("tenants.delete");
  const [asking, setAsking] = useState<Asking>();
  const resume = useClientChange(
    () => ok(api.DELETE("/v1/clients/{id}/suspension", { params: { path: { id: client.id } } })),
    t("clients.resumed", { name: client.name }),
  );
  const close = () => setAsking(undefined);
  const living = client.state === "active" || client.state === "read_only" || client.state === "suspended";
  const stopped = client.state !== "active" && living && !client.deletion_due_at;
  if (!living || !(writes || suspends || transfers || deletes)) return null;
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("nav.more")} className="border border-line-2">
            <EllipsisVertical />
          </IconButton>
        }
      >
        {writes && (
          <MenuItem writes icon={<Pencil />} onClick={() => setAsking("edit")}>
            {t("clients.edit")}
          </MenuItem>
        )}
        {writes && !client.deletion_due_at && (
          <MenuItem writes icon={<Hourglass />} onClick={() => setAsking("trial")}>
            {t("clients.changeTrial")}
          </MenuItem>
        )}
        {suspends && client.state === "active" && (
          <MenuItem writes icon={<CirclePause />} onClick={() => setAsking("suspend")}>
            {t("clients.suspend")}
          </MenuItem>
        )}
        {suspends && stopped && !client.stopped_by_platform && (
          <MenuItem writes icon={<CirclePlay />} onClick={() => resume.mutate(undefined)}>
            {t("clients.resume")}
          </MenuItem>
        )}
        {transfers && !client.transfer_id && !client.deletion_due_at && (
          <MenuItem writes icon={<Send />} onClick={() => setAsking("offer")}>
            {t("clients.offer")}
          </MenuItem>
        )}
        {deletes && !client.deletion_due_at && (
          <>
            <MenuLine />
            <MenuItem danger icon={<Trash2 />} onClick={() => setAsking("delete")}>
              {t("clients.delete")}
            </MenuItem>
          </>
        )}
      </Menu>
      <EditClient client={client} open={asking === "edit"} onClose={close} />
      <TrialClient client={client} open={asking === "trial"} onClose={close} />
      <SuspendClient client={client} open={asking === "suspend"} onClose={close} />
      <OfferClient client={client} open={asking === "offer"} onClose={close} />
      <DeleteClient client={client} open={asking === "delete"} onClose={close} />
    </>
  );
}
