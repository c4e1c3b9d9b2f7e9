import { useMutation, useQuery } from "@tanstack/react-query";
import { UserX } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { members as everybody } from "@/api/queries";
import { useMay } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { Confirm } from "@/ui/confirm";
import { FieldFrame, Select } from "@/ui/field";
import { say } from "@/ui/toast";
import { type Member, useAgain } from "./data";

/** Contacts that the server changes at once. */
const MOST = 200;

/** A member goes; before that he hands over the contacts that are his. */
export function RemoveMember({ member, open, onClose }: { member: Member; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const again = useAgain();
  const reads = useMay("contacts.read");
  const [heir, setHeir] = useState("");
  const filter = [`owner:eq:${member.id}`];
  const owned = useQuery({
    queryKey: ["contacts", "owned", member.id],
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts", { params: { query: { limit: MOST, filter } }, signal })),
    enabled: open && reads,
    retry: false,
  });
  const others = useQuery({ ...everybody, enabled: open }).data?.items.filter(({ id }) => id !== member.id) ?? [];
  const has = owned.data?.items.length ?? 0;
  const remove = useMutation({
    mutationFn: async () => {
      if (has > 0 && heir) await handOver(filter, heir === "nobody" ? null : heir);
      await ok(api.DELETE("/v1/members/{id}", { params: { path: { id: member.id } } }));
    },
    onSuccess: async () => {
      await again();
      say(t("team.removed", { name: member.name }));
      onClose();
    },
  });
  const id = useId();
  return (
    <Confirm
      open={open}
      onClose={onClose}
      title={t("team.removeTitle", { name: member.name })}
      lead={t("team.removeText")}
      action={t("team.remove")}
      icon={<UserX />}
      busy={remove.isPending}
      trouble={remove.isError ? sayThrown(remove.error) : undefined}
      onConfirm={() => remove.mutate()}
    >
      {has > 0 && (
        <FieldFrame
          id={id}
          label={owned.data?.next_cursor ? t("team.ownsMany", { count: MOST }) : t("team.owns", { count: has })}
          help={t("team.ownsHelp")}
        >
          <Select id={id} value={heir} onChange={(event) => setHeir(event.target.value)}>
            <option value="">{t("team.keepOwner")}</option>
            <option value="nobody">{t("team.toNobody")}</option>
            {others.map((other) => (
              <option key={other.id} value={other.id}>
                {other.name}
              </option>
            ))}
          </Select>
        </FieldFrame>
      )}
    </Confirm>
  );
}

/** All of them, a page after the other: what was handed over is no longer found. */
async function handOver(filter: string[], owner: string | null): Promise<void> {
  for (;;) {
    const page = await ok(api.GET("/v1/contacts", { params: { query: { limit: MOST, filter } } }));
    if (page.items.length === 0) return;
    const contacts = page.items.map(({ id }) => id);
    const { changed } = await ok(api.POST("/v1/contacts/bulk-changes", { body: { contacts, owner } }));
    if (changed === 0) return;
  }
}
