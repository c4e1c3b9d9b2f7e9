import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { session } from "@/api/session";
import { useTitle } from "@/app/title";
import { Trouble } from "@/ui/form";
import { Link } from "@/ui/link";
import { AuthFrame } from "./frame";
import { Notice } from "./parts";
import { SignInSteps } from "./steps";

export function SignInPage() {
  const { t } = useTranslation();
  const { next, done } = useSearch({ from: "/sign-in" });
  const router = useRouter();
  const navigate = useNavigate();
  const [step, setStep] = useState<"password" | "code">("password");
  useTitle(t("auth.title"));
  const [why] = useState(() => (session.state.kind === "out" ? session.state.why : undefined));
  const code = step === "code";
  const go = () => (next ? router.history.push(next) : void navigate({ to: "/" }));
  return (
    <AuthFrame
      title={code ? t("auth.secondTitle") : t("auth.greeting")}
      lead={code ? t("auth.secondLead") : t("auth.lead")}
    >
      {why && !code && (
        <div className="mb-4">
          <Trouble>{why.message}</Trouble>
        </div>
      )}
      {done && !code && <Notice>{t(`auth.${done}`)}</Notice>}
      <SignInSteps onDone={go} onStep={setStep} />
      {!code && !window.upzBrand && (
        <p className="mt-5 text-sm text-sky-label">
          {t("auth.noAccount")}{" "}
          <Link to="/sign-up" className="-my-3 inline-block py-3">
            {t("auth.create")}
          </Link>
        </p>
      )}
    </AuthFrame>
  );
}
