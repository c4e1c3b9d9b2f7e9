import { useLocation } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "@/ui/link";
import { AuthFrame } from "./frame";

/** Something went well, said where the next thing happens. */
export function Notice({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="mb-4 flex items-start gap-2 rounded-[12px] bg-success-soft px-3.5 py-2.5 text-sm">
      <CircleCheck aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-success-text" />
      <span>{children}</span>
    </p>
  );
}

/** The secret of a mailed link; it stands behind `#`, so no server's log has it. */
export function useLinkToken(): string | null {
  const { hash } = useLocation();
  return new URLSearchParams(hash).get("token");
}

export function BrokenLink() {
  const { t } = useTranslation();
  return (
    <AuthFrame title={t("auth.linkBrokenTitle")} lead={t("auth.linkBrokenLead")}>
      <BackToSignIn />
    </AuthFrame>
  );
}

export function BackToSignIn() {
  const { t } = useTranslation();
  return (
    <p className="mt-5 text-sm">
      <Link to="/sign-in" className="-my-3 inline-block py-3">
        {t("auth.backToSignIn")}
      </Link>
    </p>
  );
}
