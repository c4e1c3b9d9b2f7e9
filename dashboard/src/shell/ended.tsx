import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { session } from "@/api/session";
import { SignInSteps } from "@/modules/auth/steps";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";

/** The session ended in the middle of work. The page stays as it is under this, with everything that was typed. */
export function Ended({ tenant, email, user }: { tenant: string; email?: string; user?: string }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const other = () => {
    session.end();
    cache.clear();
    void navigate({ to: "/sign-in" });
  };
  return (
    <Dialog open firm title={t("auth.endedTitle")} lead={t("auth.endedLead")} onClose={() => undefined}>
      <SignInSteps email={email} user={user} tenant={tenant} onDone={() => void cache.invalidateQueries()} />
      <Button look="ghost" className="mt-2 w-full" onClick={other}>
        {t("auth.otherPerson")}
      </Button>
    </Dialog>
  );
}
