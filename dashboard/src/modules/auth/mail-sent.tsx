import { useMutation } from "@tanstack/react-query";
import { Mail } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { useCountdown } from "@/ui/countdown";
import { Trouble } from "@/ui/form";
import { AuthFrame } from "./frame";
import { BackToSignIn, Notice } from "./parts";

export function MailSent({ text, again }: { text: string; again: () => Promise<unknown> }) {
  const { t } = useTranslation();
  const [waiting, wait] = useCountdown();
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: again,
    onError: (error) => error instanceof ApiProblem && error.retryAfter && wait(error.retryAfter),
  });
  const problem = waiting > 0 ? t("error.wait", { count: waiting }) : error && sayThrown(error);
  return (
    <AuthFrame title={t("auth.mailTitle")} lead={text}>
      {isSuccess && <Notice>{text}</Notice>}
      {problem && <Trouble>{problem}</Trouble>}
      <p className="my-4 text-sm text-sky-label">{t("auth.mailHint")}</p>
      <Button size="large" icon={<Mail />} busy={isPending} disabled={waiting > 0} onClick={() => mutate()}>
        {t("auth.again")}
      </Button>
      <BackToSignIn />
    </AuthFrame>
  );
}
