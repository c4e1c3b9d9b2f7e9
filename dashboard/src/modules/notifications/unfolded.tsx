import { clsx } from "clsx";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

type Group = readonly { id: string }[];

/** Which groups are open. By what is in them: one stays open when one more comes, and when one of them is read and leaves. */
export function useUnfolded() {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  return {
    has: (group: Group): boolean => group.some(({ id }) => ids.has(id)),
    put: (group: Group, on: boolean) => {
      const next = new Set(ids);
      for (const { id } of group) {
        if (on) next.add(id);
        else next.delete(id);
      }
      setIds(next);
    },
  };
}

/** Opens a group and closes it: how many stand behind the newest. */
export function Earlier(props: { count: number; open: boolean; onOpen: (on: boolean) => void; className: string }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      aria-expanded={props.open}
      onClick={() => props.onOpen(!props.open)}
      className={clsx(
        "group flex min-h-8 items-center gap-1 text-[12.5px] text-accent-text hover:underline max-md:min-h-11 coarse:min-h-11",
        props.className,
      )}
    >
      {t("notifications.earlier", { count: props.count })}
      <ChevronDown aria-hidden="true" className="size-3.5 group-aria-expanded:rotate-180" />
    </button>
  );
}
