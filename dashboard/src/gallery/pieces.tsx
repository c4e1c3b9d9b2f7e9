import { Inbox, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import * as z from "zod/mini";
import { ApiProblem, Unreachable } from "@/api/problem";
import { Avatar } from "@/ui/avatar";
import { Button, IconButton } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { Chip, type Tone } from "@/ui/chip";
import { Confirm } from "@/ui/confirm";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { Choices, Filter } from "@/ui/filter";
import { Trouble, useServerForm } from "@/ui/form";
import { Kbd } from "@/ui/kbd";
import { Mark } from "@/ui/mark";
import { Menu, MenuCheck, MenuChoices, MenuItem, MenuLine } from "@/ui/menu";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { PickField } from "@/ui/pick";
import { Popover } from "@/ui/popover";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { Empty, Failed, Skeleton, SkeletonRows } from "@/ui/states";
import { Switch } from "@/ui/switch";
import { say, sayError } from "@/ui/toast";
import { Copied, Many, Ordered } from "./more";
import { Line, Piece } from "./piece";

const PEOPLE = ["Ada Brandt", "Greta Holm", "Noor Okafor", "Priya Raman"].map((label) => ({ value: label, label }));

/** Everything pages are made of, in every state. A page to look at while working; it is in no build. */
export function Pieces() {
  return (
    <div className="grid grid-cols-2 items-start gap-4 px-7 py-5 max-lg:grid-cols-1 max-md:px-4">
      <Buttons />
      <Chips />
      <Fields />
      <Choosing />
      <Over />
      <Said />
      <States />
      <Rows />
      <Copied />
      <Ordered />
      <Many />
    </div>
  );
}

function Buttons() {
  return (
    <Piece name="Buttons">
      {(["primary", "secondary", "ghost", "danger", "sun"] as const).map((look) => (
        <Line key={look}>
          <Button look={look}>{look}</Button>
          <Button look={look} icon={<Plus />}>
            With icon
          </Button>
          <Button look={look} busy>
            Busy
          </Button>
          <Button look={look} disabled>
            Off
          </Button>
        </Line>
      ))}
      <Line>
        {(["small", "normal", "large"] as const).map((size) => (
          <Button key={size} size={size}>
            {size}
          </Button>
        ))}
        <IconButton label="Edit">
          <Pencil />
        </IconButton>
        <IconButton label="Edit, small" small>
          <Pencil />
        </IconButton>
        <IconButton label="Edit, off" disabled>
          <Pencil />
        </IconButton>
      </Line>
    </Piece>
  );
}

function Chips() {
  return (
    <Piece name="Chips, people, keys">
      <Line>
        {(["neutral", "accent", "success", "warning", "danger", "sun"] satisfies Tone[]).map((tone) => (
          <Chip key={tone} tone={tone}>
            {tone}
          </Chip>
        ))}
      </Line>
      <Line>
        {(["xs", "sm", "md", "lg", "xl"] as const).map((size) => (
          <Avatar key={size} name="Ada Brandt" id="con_1" size={size} />
        ))}
        <Avatar name="Harbour & Co" id="com_1" size="lg" square />
      </Line>
      <Line>
        <Kbd>Ctrl</Kbd>
        <Kbd>K</Kbd>
        <Mark className="size-7" />
      </Line>
      <Line>
        <b className="max-w-60 truncate">
          <Own title="What somebody wrote">شركة الأفق للخدمات الطبية والاستشارات المتقدمة</Own>
        </b>
      </Line>
    </Piece>
  );
}

const schema = z.object({
  plain: z.string(),
  wrong: z.string().check(z.minLength(1, "required")),
  secret: z.string(),
  choice: z.string(),
});

function Fields() {
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { plain: "Ada", wrong: "", secret: "constellation", choice: "a" },
    submit: async () => {
      throw new ApiProblem(409, "conflict", "The server refuses, to show how that looks.", [], "req_1");
    },
  });
  return (
    <Piece name="Fields">
      <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
        {trouble}
        <TextField form={form} name="plain" label="With help" help="Said under it." optional />
        <TextField form={form} name="wrong" label="Wrong when left empty" />
        <TextField form={form} name="secret" label="Secret" type="password" />
        <SelectField form={form} name="choice" label="One of few">
          <option value="a">The first</option>
          <option value="b">The second</option>
        </SelectField>
        <TextField form={form} name="plain" label="Off" disabled />
        <Trouble>What concerns no field stands above the button.</Trouble>
        <Line>
          <Button type="submit" look="primary" busy={busy}>
            Save
          </Button>
        </Line>
      </form>
    </Piece>
  );
}

function Choosing() {
  const [on, setOn] = useState(true);
  const [view, setView] = useState("all");
  const [who, setWho] = useState<string | undefined>("Greta Holm");
  const [words, setWords] = useState("");
  return (
    <Piece name="Choosing">
      <Switch label="On or off" checked={on} onChange={setOn} local />
      <Switch label="Cannot be changed" checked disabled onChange={() => undefined} local />
      <Line>
        <Checkbox label="Chosen" checked={on} onChange={setOn} />
        <Checkbox label="Some" checked={false} some onChange={() => undefined} />
        <Checkbox label="Not chosen" checked={false} onChange={() => undefined} />
      </Line>
      <Segments
        label="View"
        value={view}
        onChange={setView}
        options={[
          { value: "all", label: "All", count: 12 },
          { value: "open", label: "Open" },
          { value: "late", label: "Late", count: 3, tone: "warning" },
        ]}
      />
      <Line>
        <SearchBox label="Search" value={words} onChange={setWords} />
        <Filter label="Owner" value={who} choices={PEOPLE} onChange={setWho} />
      </Line>
      <PickField label="One of many" value={who ?? ""} choices={PEOPLE} onChange={setWho} />
      <PickField label="Wrong" value="" choices={PEOPLE} error="Choose one." onChange={() => undefined} />
    </Piece>
  );
}

function Over() {
  const [open, setOpen] = useState<"dialog" | "wide" | "confirm" | "grave">();
  const [order, setOrder] = useState<"name" | "day">("name");
  const [whole, setWhole] = useState(true);
  const close = () => setOpen(undefined);
  return (
    <Piece name="Over the page">
      <Line>
        <Button onClick={() => setOpen("dialog")}>Dialog</Button>
        <Button onClick={() => setOpen("wide")}>Wide dialog</Button>
        <Button onClick={() => setOpen("confirm")}>Confirm</Button>
        <Button onClick={() => setOpen("grave")}>Confirm, with trouble</Button>
      </Line>
      <Line>
        <Popover label="Owner" align="start" trigger={<Button>Popover</Button>}>
          <Choices label="Owner" choices={PEOPLE} value="Greta Holm" onChoose={() => undefined} />
        </Popover>
        <Popover label="Sheet" sheet trigger={<Button>Popover, a sheet on phones</Button>}>
          <p className="w-72 max-w-full p-4 text-sm">Something to fill in.</p>
        </Popover>
        <Menu trigger={<Button>Menu</Button>}>
          <MenuItem icon={<Pencil />} onClick={() => undefined}>
            Edit
          </MenuItem>
          <MenuItem icon={<Pencil />} disabled onClick={() => undefined}>
            Off
          </MenuItem>
          <MenuLine />
          <MenuChoices
            label="One of few"
            value={order}
            choices={[
              { value: "name", label: "By name" },
              { value: "day", label: "By day" },
            ]}
            onChoose={setOrder}
            closes={false}
          />
          <MenuLine />
          <MenuCheck checked={whole} onChange={setWhole}>
            On or off
          </MenuCheck>
          <MenuLine />
          <MenuItem icon={<Trash2 />} danger onClick={() => undefined}>
            Delete
          </MenuItem>
        </Menu>
      </Line>
      <Dialog
        open={open === "dialog" || open === "wide"}
        wide={open === "wide"}
        onClose={close}
        title="What it is about"
        lead="What has to be known before."
      >
        <footer className="flex justify-end gap-2">
          <Button look="ghost" onClick={close}>
            Cancel
          </Button>
          <Button look="primary" onClick={close}>
            Save
          </Button>
        </footer>
      </Dialog>
      <Confirm
        open={open === "confirm" || open === "grave"}
        onClose={close}
        title="Delete 3 contacts?"
        lead="They leave all lists."
        action="Delete 3"
        trouble={open === "grave" ? "Two of them are under legal hold." : undefined}
        onConfirm={close}
      />
    </Piece>
  );
}

function Said() {
  return (
    <Piece name="Said when it is done">
      <Line>
        <Button onClick={() => say("Saved")}>Said</Button>
        <Button onClick={() => say("Greta Holm deleted", { undo: () => say("Undone") })}>With a way back</Button>
        <Button onClick={() => say("2 contacts changed", { description: "1 is under legal hold." })}>
          With a note
        </Button>
        <Button onClick={() => sayError("Not saved", "The network is away.")}>Wrong</Button>
      </Line>
    </Piece>
  );
}

function States() {
  return (
    <Piece name="Empty, failed, on its way">
      <Empty title="No contacts yet" actions={<Button icon={<Inbox />}>Add the first</Button>}>
        What this place is for, in one line.
      </Empty>
      <Failed error={new Unreachable()} onRetry={() => undefined} />
      <Failed error={new ApiProblem(403, "forbidden", "Needs the permission deals.read.", [], "req_2")} />
      <Failed error={new ApiProblem(500, "internal", "", [], "req_3")} onRetry={() => undefined} />
      <Skeleton className="h-4 w-48" />
      <SkeletonRows rows={3} />
      <SkeletonRows rows={2} tall />
    </Piece>
  );
}

const HEAD = "narrow h-9 border-line border-b px-3 text-start text-cap font-[540] text-muted";
const CELL = "h-[57px] border-line border-b px-3 group-last:border-0 compact:h-11";

function Rows() {
  return (
    <Panel bare label="A table">
      <div className="overflow-x-auto">
        <table className="w-full text-[13.5px]">
          <thead>
            <tr>
              <th scope="col" aria-sort="ascending" className={HEAD}>
                Name
              </th>
              <th scope="col" className={HEAD}>
                Stage
              </th>
              <th scope="col" className={`${HEAD} text-end!`}>
                Value
              </th>
            </tr>
          </thead>
          <tbody>
            {PEOPLE.map(({ label }, index) => (
              <tr key={label} className={`group ${index === 1 ? "bg-selected" : "hover:bg-hover"}`}>
                <th scope="row" className={`${CELL} text-start font-[590]`}>
                  {label}
                </th>
                <td className={CELL}>
                  <Chip tone={index === 2 ? "sun" : "neutral"}>{index === 2 ? "Won" : "New"}</Chip>
                </td>
                <td className={`${CELL} num text-end`}>€{(index + 1) * 1200}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
