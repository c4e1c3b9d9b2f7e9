import { useTranslation } from "react-i18next";
import type { Me } from "@/app/may";
import { Menu, MenuChoices } from "@/ui/menu-parts";
import { TenantButton } from "./tenant-button";
import { useSwitchTenant } from "./tenants";

export function TenantMenu({ me, defaultOpen }: { me: Me; defaultOpen?: boolean }) {
  return (
    <Menu className="w-64" defaultOpen={defaultOpen} trigger={<TenantButton me={me} />}>
      <TenantChoices me={me} />
    </Menu>
  );
}

function TenantChoices({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { mutate } = useSwitchTenant();
  return (
    <MenuChoices
      label={t("nav.switchTo")}
      value={me.tenant.id}
      choices={me.memberships.map(({ tenant, name, kind }) => ({
        value: tenant,
        label: (
          <>
            {name} <span className="text-muted">{kind === "agency" ? t("nav.agency") : t("nav.clientOf")}</span>
          </>
        ),
      }))}
      onChoose={(tenant) => tenant !== me.tenant.id && mutate(tenant)}
    />
  );
}
