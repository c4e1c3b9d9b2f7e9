import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { AdminSignInForm } from "./sign-in";
import { useSignOut } from "./sign-out";

/** Four hours are over, or the session was ended elsewhere. The page stays under this, with what was typed. */
export function Ended({ email }: { email?: string }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { mutate: signOut } = useSignOut();
  return (
    <Dialog open firm title={t("auth.endedTitle")} lead={t("admin.endedLead")} onClose={() => undefined}>
      <AdminSignInForm email={email} onDone={() => void cache.invalidateQueries()} />
      <Button look="ghost" className="mt-2 w-full" onClick={() => signOut()}>
        {t("auth.otherPerson")}
      </Button>
    </Dialog>
  );
}
