import "./gallery.css";
import {
  Building2,
  CreditCard,
  LayoutDashboard,
  LayoutGrid,
  MessageCircle,
  Orbit,
  Send,
  SquarePen,
  Star,
  Users,
} from "lucide-react";
import { useState } from "react";
import { setTheme, useSky } from "@/app/theme";
import { ActivityStrip, GravityDock, GravityRail, type NavItem, SkyLocale, Terminator } from "@/sky";
import { NOW, stars, ZONE } from "./day";
import { Deals, Galaxies, Lines, Marks, Paths, Show, Skies, Strips, Times } from "./drawings";

const item = (key: string, label: string, Icon: typeof Star, more: Partial<NavItem> = {}): NavItem => ({
  key,
  label,
  href: `#${key}`,
  icon: <Icon aria-hidden="true" />,
  ...more,
});
const first = [item("overview", "Overview", LayoutDashboard), item("inbox", "Inbox", MessageCircle, { waiting: 5 })];
const relate = [
  item("contacts", "Contacts", Users, { count: 1284 }),
  item("companies", "Companies", Building2, { count: 96 }),
  item("deals", "Deals", Orbit, { count: 20 }),
];
const attract = [
  item("campaigns", "Campaigns", Send, { count: 2 }),
  item("forms", "Forms", SquarePen, { count: 6 }),
  item("reviews", "Reviews", Star),
  item("payments", "Payments", CreditCard),
];
const groups = [{ items: first }, { label: "Relate", items: relate }, { label: "Attract", items: attract }];

/** Every signature piece in every state. A page to look at while working; it is in no build. */
export function SkyGallery() {
  const [active, setActive] = useState("overview");
  const theme = useSky();
  const choose = (event: React.MouseEvent<HTMLElement>) => {
    const key = (event.target as Element).closest("nav a")?.getAttribute("href")?.slice(1);
    if (!key) return;
    event.preventDefault();
    setActive(key);
  };
  return (
    <SkyLocale value="en-GB">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: stands for the router */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: links answer Enter with a click */}
      <div className="gallery-app" onClick={choose}>
        <div className="gallery-rail">
          <GravityRail
            label="Main"
            groups={groups}
            active={active}
            head={<b className="px-2 pb-3">Kestrel Cycles</b>}
            foot={
              <div className="px-2.5 pb-2 text-cap text-muted">
                <ActivityStrip events={stars} now={NOW} zone={ZONE} silent />
                56 events so far today
              </div>
            }
          />
        </div>
        <main className="gallery-main">
          <header className="flex items-center gap-3 px-7 pt-4 max-md:px-4">
            <h1 className="wide text-h1 font-semibold">Signature pieces</h1>
            <Terminator theme={theme} onChange={(next) => void setTheme(next)} className="ms-auto p-3" />
          </header>
          <div className="flex flex-col gap-7 px-7 py-5 max-md:px-4">
            <Skies />
            <Lines />
            <Deals />
            <Paths />
            <Times />
            <Marks />
            <Strips />
            <Galaxies />
            <Show title="Dock, at 390 px" plain>
              <div className="max-w-[390px] pt-8">
                <GravityDock
                  label="Phone"
                  tabs={[...first, ...relate]}
                  more={item("more", "More", LayoutGrid)}
                  active={active}
                />
              </div>
            </Show>
          </div>
        </main>
      </div>
    </SkyLocale>
  );
}
