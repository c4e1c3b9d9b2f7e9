import { useInfiniteQuery } from "@tanstack/react-query";
import { Check, Mail, Phone, Plus, Star, UserMinus } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { useMay } from "@/app/may";
import { Avatar } from "@/ui/avatar";
import { Button, IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { PlainLink } from "@/ui/link";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Popover } from "@/ui/popover";
import { Failed, Skeleton } from "@/ui/states";
import { usePeople } from "../changes";
import { type Company, people, type Person, ROLES } from "../data";
import { Finder } from "../finder";
import { More } from "./more";

/** Who is there, what each decides, whom to ask first. */
export function People({ company }: { company: Company }) {
  const { t } = useTranslation();
  const writes = useMay("companies.write") && !company.deleted_at;
  const query = useInfiniteQuery(people(company.id));
  const { put, drop } = usePeople(company.id);
  const [adding, setAdding] = useState(false);
  const items = rowsOf(query.data);
  const hidden = company.people - items.length;
  const add = writes && (
    <Popover
      label={t("companies.addPerson")}
      open={adding}
      onOpenChange={setAdding}
      trigger={
        <Button writes size="small" icon={<Plus />}>
          {t("companies.addPerson")}
        </Button>
      }
    >
      <Finder
        kind="contacts"
        label={t("companies.findPerson")}
        but={items.map(({ contact }) => contact)}
        onChoose={({ id }) => {
          setAdding(false);
          // Whoever comes first is asked first, until somebody says otherwise.
          put({ contact: id, body: { roles: [], primary: items.length === 0 } });
        }}
      />
    </Popover>
  );
  return (
    <Panel title={t("companies.people")} more={add} flush className="mb-6">
      {query.isPending && company.people > 0 ? (
        <Coming rows={company.people} />
      ) : query.isError && !query.data ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : items.length === 0 ? (
        <p className="px-[18px] pb-4 text-sm text-muted max-md:px-4">{t("companies.noPeople")}</p>
      ) : (
        <ul>
          {items.map((person) => (
            <Row key={person.contact} person={person} writes={writes} put={put} drop={drop} />
          ))}
        </ul>
      )}
      <More query={query} className="border-line border-t p-2 text-center" />
      {query.data && !query.hasNextPage && hidden > 0 && (
        <p className="border-line border-t px-[18px] py-2.5 text-cap text-muted max-md:px-4">
          {t("companies.hiddenPeople", { count: hidden })}
        </p>
      )}
    </Panel>
  );
}

/** As tall as what comes, so that nothing below moves. */
function Coming({ rows }: { rows: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("state.loading")}>
      {Array.from({ length: Math.min(rows, 12) }, (_, row) => (
        <div
          key={row}
          className="flex h-[57px] items-center gap-3 border-line border-t px-[18px] first:border-0 max-md:h-[120px] max-md:px-4"
        >
          <Skeleton className="size-9 rounded-full" />
          <Skeleton className="h-3 w-40" />
        </div>
      ))}
    </div>
  );
}

function Row(props: {
  person: Person;
  writes: boolean;
  put: ReturnType<typeof usePeople>["put"];
  drop: ReturnType<typeof usePeople>["drop"];
}) {
  const { t } = useTranslation();
  const { person, writes, put, drop } = props;
  const { contact, display_name: name, email, phone, roles, primary, version } = person;
  return (
    <li className="flex items-center gap-3 border-line border-t px-[18px] py-2.5 first:border-0 max-md:flex-wrap max-md:px-4">
      <Avatar name={name} id={contact} size="lg" />
      <div className="min-w-0 flex-1">
        <span className="flex min-w-0 items-center gap-1.5">
          <PlainLink
            to="/contacts/$id"
            params={{ id: contact }}
            className="flex min-w-0 text-[13.5px] font-[590] hover:underline coarse:-my-3 coarse:min-h-11 coarse:items-center"
          >
            <Own title={name}>{name}</Own>
          </PlainLink>
          {primary && (
            <span className="inline-flex shrink-0 items-center gap-1 text-cap text-accent-text">
              <Star aria-hidden="true" className="size-3 fill-current" />
              {t("companies.primary")}
            </span>
          )}
        </span>
        {person.job_title && <span className="block truncate text-[12.5px] text-muted">{person.job_title}</span>}
      </div>
      <span className="flex flex-wrap items-center justify-end gap-1 max-md:order-last max-md:w-full max-md:justify-start max-md:ps-12">
        {roles.map((role) => (
          <Chip key={role} tone={role === "decision_maker" ? "accent" : "neutral"}>
            {t(`companies.role.${role}`)}
          </Chip>
        ))}
        {writes && (
          <Roles
            person={person}
            onChange={(body) => put({ contact, body: { roles: [...body.roles], primary: body.primary }, version })}
            onRemove={() => drop(person)}
          />
        )}
      </span>
      <span className="flex shrink-0 max-md:hidden print:hidden">
        {email && (
          <a
            href={`mailto:${encodeURIComponent(email)}`}
            aria-label={t("contacts.writeTo", { name })}
            className={REACH}
          >
            <Mail aria-hidden="true" />
          </a>
        )}
        {phone && (
          <a href={`tel:${phone}`} aria-label={t("contacts.callTo", { name })} className={REACH}>
            <Phone aria-hidden="true" />
          </a>
        )}
      </span>
    </li>
  );
}

const REACH =
  "grid size-8 place-items-center rounded-control text-muted hover:bg-hover hover:text-ink coarse:size-11 [&_svg]:size-4";

type Asked = { roles: Person["roles"]; primary: boolean };

/** Every role works at once; the popover stays for the next one. */
function Roles(props: { person: Person; onChange: (next: Asked) => void; onRemove: () => void }) {
  const { t } = useTranslation();
  const { person, onChange, onRemove } = props;
  const { roles, primary, display_name: name } = person;
  const [open, setOpen] = useState(false);
  const row =
    "group flex min-h-[34px] w-full items-center gap-2 rounded-[8px] px-2.5 text-start text-[13.5px] text-ink-2 hover:bg-hover hover:text-ink aria-pressed:text-ink coarse:min-h-11 [&_svg]:size-4";
  const tick = <Check aria-hidden="true" className="hidden text-accent-text group-aria-pressed:block" />;
  return (
    <Popover
      label={t("companies.rolesOf", { name })}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <IconButton small writes label={t("companies.rolesOf", { name })} className="print:hidden">
          <Plus />
        </IconButton>
      }
    >
      <div className="w-60 p-1.5">
        {ROLES.map((role) => (
          <button
            key={role}
            type="button"
            aria-pressed={roles.includes(role)}
            onClick={() =>
              onChange({
                roles: roles.includes(role) ? roles.filter((other) => other !== role) : [...roles, role],
                primary,
              })
            }
            className={row}
          >
            <span className="min-w-0 flex-1 truncate">{t(`companies.role.${role}`)}</span>
            {tick}
          </button>
        ))}
        <button
          type="button"
          aria-pressed={primary}
          onClick={() => onChange({ roles, primary: !primary })}
          className={`${row} mt-1 border-line border-t`}
        >
          <span className="min-w-0 flex-1 truncate">{t("companies.primary")}</span>
          {tick}
        </button>
        <button
          type="button"
          onClick={() => {
            setOpen(false);
            onRemove();
          }}
          className={`${row} text-danger-text!`}
        >
          <UserMinus aria-hidden="true" />
          {t("companies.removePerson")}
        </button>
      </div>
    </Popover>
  );
}
