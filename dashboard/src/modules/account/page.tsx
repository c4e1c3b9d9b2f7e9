import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMe } from "@/app/may";
import { Page } from "@/shell/page";
import { useSignOut } from "@/shell/tenants";
import { Button } from "@/ui/button";
import { LogOut } from "lucide-react";
import { Appearance } from "./appearance";
import { emailChanges } from "./data";
import { Keyboard } from "./keyboard";
import { Devices } from "./devices";
import { Mutes } from "./mutes";
import { Passkeys } from "./passkeys";
import { PasswordPanel } from "./password";
import { Preferences } from "./preferences";
import { Profile } from "./profile";
import { PushDevices } from "./push";
import { QuietHours } from "./quiet-hours";
import { SecondFactor } from "./second-factor";

export function AccountPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { mutate: signOut } = useSignOut();
  const changes = useQuery(emailChanges);
  // All at once: a panel that came later would push the others down.
  if (!me || changes.isPending) return <Page title={t("account.title")}>{null}</Page>;
  return (
    <Page title={t("account.title")}>
      <div className="mx-auto grid max-w-[1080px] gap-4 px-7 py-5 max-md:gap-3.5 max-md:px-4 max-md:py-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4 max-md:gap-3.5">
          {me.user && <Profile user={me.user} changes={changes.data ?? []} />}
          <Appearance />
          <Preferences />
          <QuietHours />
          <Mutes />
          <PushDevices />
          <Keyboard />
        </div>
        <div className="flex min-w-0 flex-col gap-4 max-md:gap-3.5">
          <Passkeys />
          {me.user && <SecondFactor on={me.user.second_factor} />}
          <PasswordPanel email={me.user?.email ?? ""} />
          <Devices />
          <Button icon={<LogOut />} className="md:hidden" onClick={() => signOut()}>
            {t("nav.signOut")}
          </Button>
        </div>
      </div>
    </Page>
  );
}
