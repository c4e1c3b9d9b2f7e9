import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell, BellRing, Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { useMay, useMe } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { Avatar } from "@/ui/avatar";
import { Button, IconButton } from "@/ui/button";
import { Choices } from "@/ui/filter";
import { Popover } from "@/ui/popover";
import { sayError } from "@/ui/toast";
import { readers, under, type Which } from "./data";
import { useCallings } from "./note-text";

type Followers = Schema["Followers"];

const keyOf = (of: Which) => [...under(of), "followers"];

function read(of: Which, signal: AbortSignal): Promise<Followers> {
  const how = { params: { path: { id: of.id } }, signal };
  switch (of.kind) {
    case "contact":
      return ok(api.GET("/v1/contacts/{id}/followers", how));
    case "company":
      return ok(api.GET("/v1/companies/{id}/followers", how));
    case "deal":
      return ok(api.GET("/v1/deals/{id}/followers", how));
  }
}

function follow(of: Which, user: string): Promise<Followers> {
  const how = { params: { path: { id: of.id, user_id: user } } };
  switch (of.kind) {
    case "contact":
      return ok(api.PUT("/v1/contacts/{id}/followers/{user_id}", how));
    case "company":
      return ok(api.PUT("/v1/companies/{id}/followers/{user_id}", how));
    case "deal":
      return ok(api.PUT("/v1/deals/{id}/followers/{user_id}", how));
  }
}

function unfollow(of: Which, user: string): Promise<Followers> {
  const how = { params: { path: { id: of.id, user_id: user } } };
  switch (of.kind) {
    case "contact":
      return ok(api.DELETE("/v1/contacts/{id}/followers/{user_id}", how));
    case "company":
      return ok(api.DELETE("/v1/companies/{id}/followers/{user_id}", how));
    case "deal":
      return ok(api.DELETE("/v1/deals/{id}/followers/{user_id}", how));
  }
}

/** Whether one follows a record, and who else does: a bell beside its name. */
export function FollowButton({ of }: { of: Which }) {
  const { t } = useTranslation();
  const reads = useMay("activities.read");
  const { data } = useQuery({
    queryKey: keyOf(of),
    queryFn: ({ signal }) => read(of, signal),
    enabled: reads,
  });
  const [open, setOpen] = useState(false);
  if (!reads) return null;
  const count = data?.items.length ?? 0;
  const label = data?.following ? t("activities.follow.following") : t("activities.follow.title");
  return (
    <Popover
      sheet
      align="start"
      label={t("activities.follow.title")}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <IconButton label={count > 0 ? t("activities.follow.with", { label, count }) : label} disabled={!data}>
          {data?.following ? <BellRing className="text-accent-text" /> : <Bell />}
        </IconButton>
      }
    >
      {data && <List of={of} data={data} />}
    </Popover>
  );
}

function List({ of, data }: { of: Which; data: Followers }) {
  const { t } = useTranslation();
  const me = useMe()?.user?.id;
  const writes = useMay("activities.write");
  const cache = useQueryClient();
  const [adding, setAdding] = useState(false);
  const others = useQuery({ ...readers(of), enabled: writes && adding });
  const change = useMutation({
    mutationFn: ({ user, on }: { user: string; on: boolean }) => (on ? follow(of, user) : unfollow(of, user)),
    onSuccess: (fresh) => {
      cache.setQueryData(keyOf(of), fresh);
      void cache.invalidateQueries({ queryKey: [...under(of), "timeline"] });
    },
    onError: (error) => {
      sayError(t("error.notSaved"), sayThrown(error));
      void cache.invalidateQueries({ queryKey: keyOf(of) });
    },
  });
  const called = useCallings(others.data);
  const free = others.data?.filter(({ id }) => !data.items.some(({ user }) => user === id)) ?? [];
  return (
    <div className="flex w-72 max-w-full flex-col gap-2 p-3 max-md:w-full">
      <p className="text-cap text-muted">{t(`activities.follow.lead.${of.kind}`)}</p>
      {me && (data.may_follow || data.following) && (
        <Button
          look={data.following ? undefined : "primary"}
          icon={data.following ? <X /> : <BellRing />}
          busy={change.isPending}
          onClick={() => change.mutate({ user: me, on: !data.following })}
        >
          {t(data.following ? "activities.follow.stop" : "activities.follow.start")}
        </Button>
      )}
      {data.items.length > 0 && (
        <ul aria-label={t("activities.follow.who")} className="max-h-60 overflow-y-auto">
          {data.items.map(({ user, name }) => (
            <li key={user} className="flex min-h-9 items-center gap-2 text-sm coarse:min-h-11">
              <Avatar name={name} id={user} size="sm" />
              <bdi className="min-w-0 flex-1 truncate">{called.get(user) ?? name}</bdi>
              {writes && user !== me && (
                <IconButton
                  small
                  label={t("activities.follow.remove", { name: called.get(user) ?? name })}
                  onClick={() => change.mutate({ user, on: false })}
                >
                  <X />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {writes &&
        (adding ? (
          <Choices
            label={t("activities.follow.add")}
            choices={free.map(({ id, name }) => ({ value: id, label: called.get(id) ?? name }))}
            onChoose={(user) => {
              setAdding(false);
              change.mutate({ user, on: true });
            }}
          />
        ) : (
          <Button size="small" look="ghost" icon={<Plus />} onClick={() => setAdding(true)} className="self-start">
            {t("activities.follow.add")}
          </Button>
        ))}
    </div>
  );
}
