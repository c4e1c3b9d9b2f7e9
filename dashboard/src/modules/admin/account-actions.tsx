import { useQueryClient } from "@tanstack/react-query";
import {
  ArrowRightLeft,
  CirclePlay,
  CirclePause,
  EllipsisVertical,
  Hourglass,
  Layers,
  LogIn,
  Trash2,
  Undo2,
} from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "@/ui/button";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";
import { say } from "@/ui/toast";
import { type Admin, admin, ok, useMay } from "./api";
import { Confirm } from "./confirm";
import { Impersonate } from "./impersonate";
import { DeleteForm, PlanForm, StopForm, TransferForm, TrialForm } from "./account-forms";

type Open = "stop" | "resume" | "transfer" | "delete" | "keep" | "plan" | "trial" | "impersonate";

/** What the platform can do with an account. What it cannot be in its state is absent. */
export function AccountActions({ account: one }: { account: Admin["Account"] }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const [open, setOpen] = useState<Open>();
  const accounts = useMay("platform.accounts.write");
  const settings = useMay("platform.settings.write");
  const impersonates = useMay("identity.impersonate");
  const close = () => setOpen(undefined);
  const after = () => cache.invalidateQueries({ queryKey: ["admin"] });
  const path = { path: { id: one.id } };
  const stopped = one.state === "suspended" || one.state === "read_only";
  const doomed = Boolean(one.deletion_due_at);
  const works = one.state === "active" || stopped;
  const { name } = one;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {impersonates && works && !doomed && (
        <Button look="primary" icon={<LogIn />} onClick={() => setOpen("impersonate")}>
          {t("admin.enter")}
        </Button>
      )}
      {accounts && stopped && !doomed && (
        <Button icon={<CirclePlay />} onClick={() => setOpen("resume")}>
          {t("admin.resume")}
        </Button>
      )}
      {accounts && one.state === "active" && !doomed && (
        <Button icon={<CirclePause />} onClick={() => setOpen("stop")}>
          {t("admin.stop")}
        </Button>
      )}
      {accounts && doomed && (
        <Button icon={<Undo2 />} onClick={() => setOpen("keep")}>
          {t("admin.keep")}
        </Button>
      )}
      {(accounts || settings) && works && !doomed && (
        <Menu
          align="end"
          trigger={
            <IconButton label={t("admin.actions")}>
              <EllipsisVertical />
            </IconButton>
          }
        >
          {settings && (
            <MenuItem icon={<Layers />} onClick={() => setOpen("plan")}>
              {t("admin.changePlan")}
            </MenuItem>
          )}
          {settings && (
            <MenuItem icon={<Hourglass />} onClick={() => setOpen("trial")}>
              {t("admin.changeTrial")}
            </MenuItem>
          )}
          {accounts && stopped && (
            <MenuItem icon={<CirclePause />} onClick={() => setOpen("stop")}>
              {t("admin.changeStop")}
            </MenuItem>
          )}
          {accounts && one.kind === "client" && (
            <MenuItem icon={<ArrowRightLeft />} onClick={() => setOpen("transfer")}>
              {t("admin.transfer")}
            </MenuItem>
          )}
          {accounts && <MenuLine />}
          {accounts && (
            <MenuItem danger icon={<Trash2 />} onClick={() => setOpen("delete")}>
              {t("admin.delete")}
            </MenuItem>
          )}
        </Menu>
      )}
      {open === "stop" && <StopForm account={one} onClose={close} onDone={after} />}
      {open === "plan" && <PlanForm account={one} onClose={close} onDone={after} />}
      {open === "trial" && <TrialForm account={one} onClose={close} onDone={after} />}
      {open === "transfer" && <TransferForm account={one} onClose={close} onDone={after} />}
      {open === "delete" && <DeleteForm account={one} onClose={close} onDone={after} />}
      {open === "impersonate" && <Impersonate account={one} onClose={close} />}
      {open === "resume" && (
        <Confirm
          title={t("admin.resumeTitle", { name })}
          text={t("admin.resumeText")}
          verb={t("admin.resume")}
          onClose={close}
          onDo={async () => {
            await ok(admin.DELETE("/v1/accounts/{id}/suspension", { params: path }));
            await after();
            say(t("admin.resumed", { name }));
          }}
        />
      )}
      {open === "keep" && (
        <Confirm
          title={t("admin.keepTitle", { name })}
          text={t("admin.keepText")}
          verb={t("admin.keep")}
          onClose={close}
          onDo={async () => {
            await ok(admin.DELETE("/v1/accounts/{id}/deletion", { params: path }));
            await after();
            say(t("admin.kept", { name }));
          }}
        />
      )}
    </div>
  );
}
