import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { hasStatus } from "@/api/problem";
import { session } from "@/api/session";
import { Button } from "@/ui/button";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { Link } from "@/ui/link";
import { hasPasskeys } from "@/api/passkeys";
import { PasskeyFirst } from "./passkey";
import { credentials, second } from "./credentials";

type Answer = Schema["Tokens"] | Schema["ChallengeAnswer"];

interface Props {
  /** Who it must be: his address is filled in and stays. */
  email?: string;
  /** And which person that is. */
  user?: string;
  tenant?: string;
  onDone: () => void;
  /** Says which step is on the screen, for the headline. */
  onStep?: (step: "password" | "code") => void;
}

/** Password first; then the second factor, for whoever has one. */
export function SignInSteps({ email: known, user, tenant, onDone, onStep }: Props) {
  const { t } = useTranslation();
  const [challenge, setChallenge] = useState<string>();
  const step = (next: string | undefined) => {
    setChallenge(next);
    onStep?.(next ? "code" : "password");
  };
  const first = useServerForm({
    schema: credentials,
    defaults: { email: known ?? "", password: "" },
    submit: async (values) => {
      const answer: Answer = await ok(
        api.POST("/v1/sessions", { body: { ...values, ...(tenant && { tenant }), cookie: true } }),
      );
      if ("challenge" in answer) return step(answer.challenge);
      session.begin(answer);
      onDone();
    },
  });
  if (challenge) {
    return <SecondStep challenge={challenge} onDone={onDone} onOver={() => step(undefined)} />;
  }
  return (
    <>
      <PasskeyFirst
        tenant={tenant}
        onTokens={(tokens) => {
          session.begin(tokens);
          // Another person than the one whose page this is: nothing of his stays on the screen.
          if (user && tokens.user !== user) location.reload();
          else onDone();
        }}
      />
      <form onSubmit={first.onSubmit} noValidate className="flex flex-col gap-3.5">
        {first.trouble}
        <TextField
          form={first.form}
          name="email"
          type="email"
          label={t("field.workEmail")}
          autoComplete="username webauthn"
          readOnly={known !== undefined}
          autoFocus={known === undefined}
          tall
          className="bg-surface"
          dir="ltr"
        />
        <TextField
          form={first.form}
          name="password"
          type="password"
          label={t("field.password")}
          autoComplete="current-password"
          autoFocus={known !== undefined}
          tall
          className="bg-surface"
          beside={
            // Whoever only goes on does not leave the page he is on.
            known === undefined && (
              <Link to="/forgot-password" className="-my-3.5 py-3.5 ps-3">
                {t("auth.forgot")}
              </Link>
            )
          }
        />
        <Button
          type="submit"
          look={hasPasskeys() ? "secondary" : "primary"}
          size="large"
          busy={first.busy}
          disabled={first.waiting > 0}
          className="mt-1 w-full"
        >
          {t("auth.signIn")}
        </Button>
      </form>
    </>
  );
}

function SecondStep({ challenge, onDone, onOver }: { challenge: string; onDone: () => void; onOver: () => void }) {
  const { t } = useTranslation();
  const { form, onSubmit, busy, trouble, waiting } = useServerForm({
    schema: second,
    defaults: { code: "" },
    codes: { code_wrong: "code" },
    submit: async ({ code }) => {
      try {
        session.begin(await ok(api.POST("/v1/sessions/second-factor", { body: { challenge, code, cookie: true } })));
      } catch (error) {
        // Five minutes are over: the password is asked for again.
        if (hasStatus(error, 401) && error.code === "challenge_invalid") onOver();
        throw error;
      }
      onDone();
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField
        form={form}
        name="code"
        label={t("auth.code")}
        help={t("auth.codeHelp")}
        inputMode="text"
        autoComplete="one-time-code"
        autoFocus
        tall
        className="num bg-surface tracking-[.12em]"
        dir="ltr"
      />
      <Button type="submit" look="primary" size="large" busy={busy} disabled={waiting > 0} className="mt-1 w-full">
        {t("auth.verify")}
      </Button>
      <Button look="ghost" onClick={onOver}>
        {t("auth.startOver")}
      </Button>
    </form>
  );
}
