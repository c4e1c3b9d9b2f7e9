import type { ReactNode } from "react";
import { Button } from "@/ui/button";
import type { ServerForm } from "@/ui/form";
import { AuthFrame } from "./frame";
import { BackToSignIn } from "./parts";

/** The page behind a link of a mail: a few fields, and one thing that happens. */
export function LinkForm(props: {
  title: string;
  lead: string;
  of: Pick<ServerForm<never>, "onSubmit" | "busy" | "trouble" | "waiting">;
  action: string;
  /** Another way to do the same. */
  below?: ReactNode;
  children: ReactNode;
}) {
  const { onSubmit, busy, trouble, waiting } = props.of;
  return (
    <AuthFrame title={props.title} lead={props.lead}>
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble}
        {props.children}
        <Button type="submit" look="primary" size="large" busy={busy} disabled={waiting > 0} className="mt-1 w-full">
          {props.action}
        </Button>
        {props.below}
      </form>
      <BackToSignIn />
    </AuthFrame>
  );
}
