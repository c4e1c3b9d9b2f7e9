import { Bell, LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/app/may";
import { useVisit } from "@/app/visit";
import { useUnread } from "@/modules/notifications/unread";
import { Avatar } from "@/ui/avatar";
import { PlaceSheet, SheetButton, SheetGroup, SheetLink } from "./place-sheet";
import { asideOf, type Place, placesOf } from "./places";
import { useSignOut, useSwitchTenant } from "./tenants";
import { useWaits } from "./waits";

/** On phones, every place there is, and the other places to work in. */
export function More({ me, open, onClose }: { me: Me; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const visit = useVisit();
  const unread = useUnread();
  const { mutate: signOut } = useSignOut();
  const { mutate: switchTo } = useSwitchTenant();
  const places = placesOf(me);
  const line = (place: Place) => <Line key={place.to} place={place} onClose={onClose} />;
  const groups = ([undefined, "relate", "attract", "run"] as const)
    .map((name) => ({ name, places: places.filter(({ group }) => group === name) }))
    .filter((group) => group.places.length > 0);
  return (
    <PlaceSheet open={open} onClose={onClose} lead={me.tenant.name}>
      {groups.map(({ name, places }) => (
        <SheetGroup key={name ?? "top"} title={name && t(`nav.${name}`)}>
          {places.map(line)}
        </SheetGroup>
      ))}
      <hr className="mx-3 my-2 border-line" />
      <SheetGroup>
        {/* In the place of a tenant as a whole nobody is told anything. */}
        {me.user && (
          <SheetLink
            to="/notifications"
            icon={Bell}
            name={t("nav.notifications")}
            onClose={onClose}
            note={unread > 0 && <span aria-hidden="true" className="ms-auto size-2 shrink-0 rounded-full bg-sun" />}
          />
        )}
        {places.filter(({ group }) => group === "foot").map(line)}
        {asideOf(me).map(line)}
        {!visit && (
          <SheetButton icon={<LogOut aria-hidden="true" />} onClick={() => signOut()}>
            {t("nav.signOut")}
          </SheetButton>
        )}
      </SheetGroup>
      {me.memberships.length > 1 && (
        <SheetGroup title={t("nav.switchTo")}>
          {me.memberships.map(({ tenant, name }) => (
            <SheetButton
              key={tenant}
              icon={<Avatar name={name} id={tenant} square />}
              {...(tenant === me.tenant.id && { "aria-current": "true" as const })}
              onClick={() => {
                onClose();
                if (tenant !== me.tenant.id) switchTo(tenant);
              }}
            >
              {name}
            </SheetButton>
          ))}
        </SheetGroup>
      )}
    </PlaceSheet>
  );
}

function Line({ place, onClose }: { place: Place; onClose: () => void }) {
  const { t } = useTranslation();
  const { to, label, icon } = place;
  const { waits, describedBy } = useWaits(place, "ms-auto");
  return (
    <SheetLink
      to={to}
      exact={to === "/"}
      icon={icon}
      name={t(`nav.${label}`)}
      onClose={onClose}
      note={waits}
      describedBy={describedBy}
    />
  );
}
