import { useMutation, useQuery } from "@tanstack/react-query";
import { UserX } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { members as everybody } from "@/api/queries";
import { may, useMe } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { Confirm } from "@/ui/confirm";
import { FieldFrame, Select } from "@/ui/field";
import { say } from "@/ui/toast";
import { type Member, useAgain } from "./data";
import { handOver, KINDS, OWNED } from "./hand-over";

/** A member goes; before that he hands over what is his. */
export function RemoveMember({ member, open, onClose }: { member: Member; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const again = useAgain();
  const me = useMe();
  const [heir, setHeir] = useState("");
  const kinds = KINDS.filter((kind) => may(me, OWNED[kind].needs));
  const owned = useQuery({
    queryKey: ["team", "owned", member.id, kinds],
    queryFn: async () => {
      const counts = await Promise.all(
        kinds.map(async (kind) => ({ kind, count: await OWNED[kind].count(member.id) })),
      );
      return counts.filter(({ count }) => count > 0);
    },
    enabled: open && me !== undefined,
    staleTime: 0,
    retry: false,
  });
  const others = useQuery({ ...everybody, enabled: open }).data?.items.filter(({ id }) => id !== member.id) ?? [];
  const has = owned.data ?? [];
  const remove = useMutation({
    mutationFn: async () => {
      if (heir) await handOver(kinds, member.id, heir === "nobody" ? null : heir);
      await ok(api.DELETE("/v1/members/{id}", { params: { path: { id: member.id } } }));
    },
    onError: () => void owned.refetch(),
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
      {has.length > 0 && (
        <FieldFrame
          id={id}
          label={t("team.owns", { what: has.map(({ kind, count }) => t(`team.owned.${kind}`, { count })).join(" · ") })}
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
