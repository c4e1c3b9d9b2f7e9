import { Tag, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { BulkFrame, Picker } from "@/ui/bulk-bar";
import { Button } from "@/ui/button";
import { Code } from "@/ui/code";
import { CopyButton, CopyWide } from "@/ui/copy";
import { ExportButton } from "@/ui/export";
import { Choices, FilterChip } from "@/ui/filter";
import { Panel } from "@/ui/panel";
import { useRowsIn } from "@/ui/rows";
import { SecretOnce } from "@/ui/secret";
import { Sorted } from "@/ui/sorted";
import { Line, Piece } from "./piece";

const SNIPPET = '<script src="https://embed.example/loader.js" data-widget="wgt_01" async></script>';

/** What leaves the page: by the clipboard, as a file, or this once. */
export function Copied() {
  const [shown, setShown] = useState(false);
  return (
    <Piece name="Copied, exported, shown once">
      <Code label="Snippet" text={SNIPPET} />
      <Code label="Snippet, in lines" text={SNIPPET} wrap />
      <Line>
        <CopyButton text={SNIPPET} what="Snippet" />
        <CopyWide text={SNIPPET} />
        <CopyWide text={SNIPPET} label="Copy the snippet" look="ghost" />
        <ExportButton name="contacts" load={async () => new Blob(["name\nAda Brandt\n"])} />
        <ExportButton small name="contacts" load={() => Promise.reject(new Error("away"))} />
        <Button onClick={() => setShown(true)}>A secret</Button>
      </Line>
      {shown && (
        <SecretOnce
          title="Key created"
          lead="It is shown this once."
          label="Secret"
          secret="upk_3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy"
          onDone={() => setShown(false)}
        />
      )}
    </Piece>
  );
}

const STAGES = ["New", "Talking", "Won"];

/** A list in an order of its own, and what narrows one. */
export function Ordered() {
  const [ids, setIds] = useState(STAGES);
  const [stage, setStage] = useState<string | undefined>("New");
  const move = (from: number, to: number) => {
    const next = ids.filter((_, at) => at !== from);
    next.splice(to, 0, ids[from] as string);
    setIds(next);
  };
  const words = {
    how: "Space lifts it, the arrow keys move it, Space puts it down.",
    grip: (name: string) => `Move ${name}`,
    lifted: (name: string) => `${name} lifted`,
    over: (place: number) => `Place ${place}`,
    dropped: (place: number) => `Put at place ${place}`,
    cancelled: "As before",
  };
  return (
    <Piece name="Ordered, narrowed">
      <Sorted ids={ids} onMove={move} nameOf={(id) => id} words={words}>
        {(id, grip) => (
          <span className="flex items-center gap-2 text-sm">
            {grip}
            {id}
          </span>
        )}
      </Sorted>
      <Line>
        {[stage, undefined].map((shown, at) => (
          <FilterChip key={at ? "none" : "set"} label="Stage" shown={shown} onClear={() => setStage(undefined)}>
            {(close) => (
              <Choices
                label="Stage"
                choices={STAGES.map((value) => ({ value, label: value }))}
                value={shown}
                onChoose={(next) => {
                  setStage(next);
                  close();
                }}
              />
            )}
          </FilterChip>
        ))}
      </Line>
    </Piece>
  );
}

const MANY = 5_000;

/** A long list, of which only the rows on the screen exist, and what can be done with many of them. */
export function Many() {
  const frame = useRef<HTMLDivElement>(null);
  const [done, setDone] = useState<number>();
  const long = useRowsIn(frame, { count: MANY, height: 44, kind: "list", more: false });
  return (
    <Panel label="A long list" bare className="relative">
      <div ref={frame} className="h-72 overflow-y-auto" data-list="">
        <ul className="divide-y divide-line" {...long.holding}>
          {long.rows((index, place) => (
            <li key={index} {...place} className="flex h-11 items-center px-[18px] text-sm">
              Row {index + 1}
            </li>
          ))}
        </ul>
      </div>
      <BulkFrame
        label="2 chosen"
        clear="Choose none"
        progress={done === undefined ? undefined : { done, of: MANY }}
        onClear={() => setDone(undefined)}
      >
        <Picker label="Add tag" icon={<Tag />} busy={done !== undefined}>
          {(choose) => (
            <Choices
              label="Tag"
              choices={[{ value: "vip", label: "VIP" }]}
              onChoose={() => choose(() => setDone(1_200))}
            />
          )}
        </Picker>
        <Button size="small" look="ghost" icon={<Trash2 />} busy={done !== undefined} onClick={() => setDone(1_200)}>
          Delete
        </Button>
      </BulkFrame>
    </Panel>
  );
}
