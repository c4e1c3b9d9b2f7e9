import { useState } from "react";

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
