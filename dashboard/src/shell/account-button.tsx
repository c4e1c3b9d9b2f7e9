import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/app/may";
import { Avatar } from "@/ui/avatar";

export function AccountButton({ me, ...rest }: { me: Me } & ComponentProps<"button">) {
  const { t } = useTranslation();
  const name = me.user?.name ?? me.tenant.name;
  return (
    <button
      {...rest}
      type="button"
      aria-label={t("nav.accountMenu", { name })}
      className="grid size-9 shrink-0 place-items-center rounded-full max-md:hidden"
    >
      <Avatar name={name} id={me.user?.id ?? me.tenant.id} />
    </button>
  );
}
