import { Bell, Calendar, CreditCard, MailOpen, MessageCircle, MousePointerClick, SquarePen } from "lucide-react";
import { type ReactNode, useState } from "react";
import {
  ActivityStrip,
  DayLine,
  DealBody,
  type DealState,
  DropMark,
  Galaxy,
  OrbitStrip,
  PipelineSky,
  Reticle,
  Sky,
  Timeline,
  type TimelineEntry,
  Trajectory,
} from "@/sky";
import { at, board, day, days, NOW, pipeline, stars, tenants, ZONE } from "./day";

/** A titled place for one state of one piece. */
export function Show({ title, children, plain = false }: { title: string; children: ReactNode; plain?: boolean }) {
  return (
    <section className="min-w-0">
      <h3 className="mb-2 text-sm text-muted">{title}</h3>
      {plain ? children : <div className="rounded-panel border border-line bg-surface p-4">{children}</div>}
    </section>
  );
}

const LONG = "Wolfeschlegelsteinhausenbergerdorff ".repeat(9).slice(0, 300);
const RTL = "شركة الأفق للدراجات والنقل";

export const Skies = () => (
  <>
    <Show title="Sky" plain>
      <Sky {...day}>
        <h1 className="sky-hello">Good afternoon, Dana</h1>
        <p className="sky-hello-text">Three things need a decision before closing. Everything else is on course.</p>
      </Sky>
    </Show>
    {Object.entries(days).map(([title, state]) => (
      <Show key={title} title={`Sky: ${title}`} plain>
        <Sky {...state} shortcut={false}>
          <h1 className="sky-hello">{title}</h1>
        </Sky>
      </Show>
    ))}
    <Show title="Sky: long and right-to-left names" plain>
      <Sky
        {...day}
        shortcut={false}
        bodies={day.bodies.map((body, k) => ({ ...body, title: k % 2 ? LONG : RTL }))}
        constellation={{ contactId: "x", label: RTL, note: LONG, eventIds: day.constellation?.eventIds ?? [] }}
      >
        <h1 className="sky-hello">{LONG}</h1>
      </Sky>
    </Show>
  </>
);

const events = day.bodies.map(({ id, at: when, title, href = "#" }) => ({
  id,
  at: when,
  title,
  href,
  done: Number(when) < NOW,
  person: "Ines Halloran",
  action: { label: "Open the appointment", href: "#open" },
}));

export const Lines = () => (
  <>
    <Show title="Day line" plain>
      <DayLine now={NOW} zone={ZONE} events={events} />
    </Show>
    <Show title="Day line: the next thing is in ten minutes, at the end of the day" plain>
      <DayLine
        now={at(20.6)}
        zone={ZONE}
        events={[{ ...events[0], at: at(20.76), done: false, title: LONG }] as typeof events}
      />
    </Show>
    <Show title="Day line: nothing today, at night" plain>
      <DayLine now={at(23.4)} zone={ZONE} events={[]} />
    </Show>
  </>
);

const SUM: [value: number, state: DealState, words: string][] = [
  [2000, "active", "$2k"],
  [10_000, "active", "$10k"],
  [46_000, "hot", "$46k, hot"],
  [6000, "quiet", "quiet 7 d"],
  [8200, "won", "won"],
];

export function Deals() {
  const [stage, setStage] = useState("quote");
  const nothing = board.map((column) => ({ ...column, deals: [], total: "$0" }));
  const crowd = pipeline.map((column) => ({
    ...column,
    deals: Array.from({ length: 900 }, (_, k) => ({
      id: `${column.id}${k}`,
      name: LONG,
      value: (k % 40) * 500,
      days: k % 95,
      state: "active" as const,
    })),
  }));
  return (
    <>
      <Show title="Orbit strip" plain>
        <OrbitStrip stages={board} currency="USD" selected={stage} onSelect={setStage} />
      </Show>
      <Show title="Orbit strip: nothing yet" plain>
        <OrbitStrip stages={nothing} currency="USD" />
      </Show>
      <div className="grid gap-4 md:grid-cols-2">
        <Show title="Pipeline sky">
          <PipelineSky stages={pipeline} currency="USD" />
        </Show>
        <Show title="Pipeline sky: nothing yet">
          <PipelineSky stages={pipeline.map((column) => ({ ...column, deals: [] }))} currency="USD" />
        </Show>
        <Show title="Pipeline sky: 3,600 deals, merged">
          <PipelineSky stages={crowd} currency="USD" />
        </Show>
        <Show title="Pipeline sky: long and right-to-left names">
          <PipelineSky
            stages={pipeline.map((column, k) => ({
              ...column,
              name: k === 1 ? RTL : column.name,
              deals: column.deals.map((one, n) => ({ ...one, name: n % 2 ? LONG : RTL, atRisk: true })),
            }))}
            currency="USD"
          />
        </Show>
      </div>
      <Show title="Deal body: size is value, ring is heat, dashes are silence">
        <div className="flex flex-wrap items-center gap-8 text-sm">
          {SUM.map(([value, state, words]) => (
            <span key={words} className="flex items-center gap-2">
              <DealBody value={value} median={7000} state={state} />
              {words}
            </span>
          ))}
        </div>
      </Show>
    </>
  );
}

const steps = [
  { id: "bike", label: "Your bike", note: "4 fields", state: "done" as const },
  { id: "feel", label: "How it feels", note: "3 fields", state: "current" as const },
  { id: "time", label: "Time and deposit", note: "2 fields", state: "next" as const },
  { id: "thanks", label: "Thank you", state: "next" as const },
];
const dozen = Array.from({ length: 14 }, (_, k) => ({
  id: String(k),
  label: k === 4 ? LONG : `Step ${k + 1}`,
  state: k < 5 ? ("done" as const) : k === 5 ? ("current" as const) : ("next" as const),
}));

export const Paths = () => (
  <>
    <Show title="Trajectory with a condition" plain>
      <Trajectory
        label="Steps"
        steps={steps}
        skips={[{ from: "feel", to: "thanks", label: "if no pain" }]}
        onSelect={() => {}}
      />
    </Show>
    <Show title="Trajectory: three conditions, one within another" plain>
      <Trajectory
        label="Steps"
        steps={steps.map((step) => ({ ...step, state: "done" as const }))}
        skips={[
          { from: "bike", to: "thanks", label: "if only a question" },
          { from: "feel", to: "thanks", label: "if no pain" },
          { from: "bike", to: "time", label: "if a known customer" },
        ]}
      />
    </Show>
    <Show title="Trajectory: fourteen steps" plain>
      <Trajectory label="Steps" steps={dozen} />
    </Show>
    <div className="grid gap-4 md:grid-cols-3">
      <Show title="Trajectory: flat">
        <Trajectory
          label="Stages"
          flat
          steps={[
            ...steps.slice(0, 3),
            { id: "x", label: "Talks", state: "next" },
            { id: "won", label: "Won", note: "closes 24 Mar", state: "next" },
          ]}
        />
      </Show>
      <Show title="Trajectory: flat, done">
        <Trajectory label="Stages" flat steps={steps.map((step) => ({ ...step, state: "done" as const }))} />
      </Show>
      <Show title="Trajectory: one step">
        <Trajectory label="Steps" steps={[{ id: "1", label: "The only step", state: "current" }]} />
      </Show>
    </div>
  </>
);

const history: TimelineEntry[] = [
  {
    id: "p2",
    at: at(57),
    icon: <Bell />,
    verb: "Follow up",
    text: "with build slot and final quote",
    detail: "Set by the workflow “After a fitting”",
  },
  {
    id: "p1",
    at: at(15),
    icon: <Calendar />,
    verb: "Bike fitting",
    text: "with Ines Halloran, bay 2",
    detail: "60 minutes. Confirmed by WhatsApp, reminder sent 12:00",
  },
  {
    id: "h1",
    at: at(11.9),
    icon: <CreditCard />,
    tone: "success",
    verb: "Paid $60 deposit",
    text: "for Bike fitting",
    detail: "Visa ending 4471, invoice KC-2093",
  },
  {
    id: "h2",
    at: at(10.75),
    icon: <MessageCircle />,
    verb: "WhatsApp,",
    text: "6 messages with Wei Lin",
    quote:
      "“Is five weeks realistic for the Rohloff wheel? I fly on the 16th of May and would love two weekends to test it.”",
  },
  {
    id: "h3",
    at: at(9.7),
    icon: <MailOpen />,
    verb: "Opened",
    text: "“Your touring build, three ways” 3 times",
    detail: "Clicked Option B, Rohloff Speedhub",
  },
  {
    id: "h4",
    at: at(8.6),
    icon: <SquarePen />,
    verb: "Submitted",
    text: "Book a bike fitting",
    detail: "Height 168 cm, inseam 79 cm, lower-back pain after 60 km",
  },
  {
    id: "h5",
    at: at(-2.7),
    icon: <MousePointerClick />,
    verb: "First visit",
    text: `from ${RTL}`,
    detail: LONG,
    href: "#visit",
  },
];

export const Times = () => (
  <div className="grid gap-8 md:grid-cols-2">
    <Show title="Timeline with Now" plain>
      <Timeline label="History" now={NOW} zone={ZONE} entries={history} />
    </Show>
    <Show title="Timeline: nothing yet" plain>
      <Timeline label="History" now={NOW} zone={ZONE} entries={[]} />
    </Show>
  </div>
);

export function Marks() {
  const [on, setOn] = useState(true);
  return (
    <Show title="Reticle and drop mark">
      <div className="flex max-w-md flex-col gap-4">
        <Reticle on={on}>
          <button
            type="button"
            className="w-full rounded-control border border-line-2 p-3 text-start"
            onClick={() => setOn(!on)}
          >
            Where does it hurt? {on ? "Selected" : "Not selected"}
          </button>
        </Reticle>
        <DropMark label="Drop Rating here" />
      </div>
    </Show>
  );
}

export const Strips = () => (
  <Show title="Activity strips: today, seven days, quiet, crowded">
    <div className="flex flex-wrap items-end gap-8">
      {[
        { key: "today", list: stars, span: 1, wide: 200 },
        {
          key: "week",
          list: stars.map((star, k) => ({ ...star, at: Number(star.at) - (k % 7) * 86_400_000 })),
          span: 7,
          wide: 112,
        },
        { key: "none", list: [], span: 7, wide: 112 },
        {
          key: "crowd",
          list: Array.from({ length: 5000 }, (_, k) => ({ id: `c${k}`, at: at(-((k * 101) % 150)) })),
          span: 7,
          wide: 112,
        },
      ].map(({ key, list, span, wide }) => (
        <div key={key} style={{ width: wide }}>
          <ActivityStrip events={list} now={NOW} zone={ZONE} days={span} />
        </div>
      ))}
    </div>
  </Show>
);

export const Galaxies = () => (
  <div className="grid gap-4 md:grid-cols-2">
    {[412, 2000, 5000, 0].map((count) => (
      <Show key={count} title={`Galaxy: ${count} tenants`}>
        <Galaxy tenants={tenants(count)} onOpen={() => {}} />
      </Show>
    ))}
  </div>
);
