import {
  ArchiveRestore,
  BellRing,
  CalendarDays,
  CalendarHeart,
  CircleCheck,
  CircleDot,
  CircleX,
  ClipboardList,
  FileInput,
  FileLock2,
  Gauge,
  GitMerge,
  ListTodo,
  type LucideIcon,
  Mail,
  MessageCircle,
  MessageSquareText,
  Orbit,
  Paperclip,
  Pencil,
  PieChart,
  Phone,
  ShieldBan,
  ShieldCheck,
  StickyNote,
  Tag,
  Trash2,
  UserRound,
  UserRoundPlus,
  Waypoints,
} from "lucide-react";
import type { TimelineEntry } from "@/sky/Timeline/Timeline";
import type { Entry } from "./story";

const ICONS: Record<string, LucideIcon> = {
  "contact.created": UserRoundPlus,
  "contact.updated": Pencil,
  "contact.stage_changed": Waypoints,
  "contact.stage_replaced": Waypoints,
  "contact.assigned": UserRound,
  "contact.tagged": Tag,
  "contact.blocked": ShieldBan,
  "contact.unblocked": ShieldCheck,
  "contact.held": FileLock2,
  "contact.consent_granted": ShieldCheck,
  "contact.consent_withdrawn": ShieldBan,
  "contact.merged": GitMerge,
  "contact.deleted": Trash2,
  "contact.restored": ArchiveRestore,
  "contact_import.started": FileInput,
  "deal.won": CircleCheck,
  "deal.lost": CircleX,
  "deal.abandoned": CircleX,
  "deal.moved": Waypoints,
  "task.completed": CircleCheck,
  "note.created": StickyNote,
  call: Phone,
  meeting: CalendarDays,
  email: Mail,
  message: MessageCircle,
  whatsapp: MessageCircle,
  sms: MessageSquareText,
};

/** For whatever else happens to one of these. */
const OF: Record<string, LucideIcon> = {
  submissions: ClipboardList,
  deals: Orbit,
  tasks: ListTodo,
  occasions: CalendarHeart,
  greetings: Mail,
  attachments: Paperclip,
  follow_ups: BellRing,
  enrolments: BellRing,
  segments: PieChart,
  scores: Gauge,
  notes: StickyNote,
};

/** A glyph for what happened. */
export const iconOf = ({ kind, subject, activity }: Entry): LucideIcon =>
  ICONS[(kind === "activity.logged" && activity?.kind) || kind] ?? OF[subject] ?? CircleDot;

const TONES: Record<string, TimelineEntry["tone"]> = {
  "contact.created": "accent",
  "contact.consent_granted": "success",
  "contact.consent_withdrawn": "danger",
  "contact.blocked": "danger",
  "contact.held": "warning",
  "deal.created": "accent",
  "deal.won": "success",
  "deal.lost": "danger",
  "task.completed": "success",
  "form.submitted": "accent",
  "submission.received": "accent",
};

/** What stands out among many rows: what came, what went well, and what somebody forbade. */
export const toneOf = ({ kind }: Entry): TimelineEntry["tone"] => TONES[kind];
