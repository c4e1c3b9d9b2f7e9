import { useQuery } from "@tanstack/react-query";
import { ChevronsUpDown } from "lucide-react";
import type { ComponentProps } from "react";
import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import type { Me } from "@/app/may";
import { Avatar } from "@/ui/avatar";

export function TenantButton({ me, ...rest }: { me: Me } & ComponentProps<"button">) {
  const { t } = useTranslation();
  // The shell asks for it when everything else is there.
  const look = useQuery<Schema["Brand"]>({ queryKey: ["brands"], enabled: false }).data?.look;
  const logo = look?.logo_url && isOurs(look.logo_url) ? look.logo_url : undefined;
  const kind = me.tenant.kind === "agency" ? t("nav.agency") : t("nav.clientOf");
  return (
    <button
      {...rest}
      type="button"
      // Begins with what is seen, so that whoever speaks to the page may say what they read.
      aria-label={t("nav.tenantMenu", { name: me.tenant.name, kind })}
      className="mb-1.5 flex h-11 w-full items-center gap-2.5 rounded-control px-[7px] text-start hover:bg-hover broad:px-2"
    >
      {logo ? (
        <img src={logo} alt="" className="size-[30px] shrink-0 rounded-[8px] object-contain" />
      ) : (
        <Avatar name={me.tenant.name} id={me.tenant.id} square className="size-[30px] text-[11px]" />
      )}
      <span className="min-w-0 flex-1 slim:hidden">
        <b className="block truncate text-[14px] leading-[1.2] font-[620] [font-stretch:108%]">{me.tenant.name}</b>{" "}
        <small className="block text-[11.5px] leading-[1.3] text-muted">{kind}</small>
      </span>
      <ChevronsUpDown aria-hidden="true" className="size-3.5 text-muted slim:hidden" />
    </button>
  );
}

/** A page shows pictures of its own server alone; a logo that lies elsewhere is for mails and widgets. */
const isOurs = (address: string): boolean =>
  URL.canParse(address, location.href) && new URL(address, location.href).origin === location.origin;
