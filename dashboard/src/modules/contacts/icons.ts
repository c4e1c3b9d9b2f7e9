import {
  CalendarDays,
  CircleDot,
  ClipboardList,
  FileInput,
  FileLock2,
  type LucideIcon,
  Mail,
  MessageCircle,
  Phone,
  ShieldBan,
  ShieldCheck,
  StickyNote,
  Tag,
  UserRound,
  UserRoundPlus,
  Waypoints,
} from "lucide-react";
import type { Entry } from "./story";

const ICONS: Record<string, LucideIcon> = {
  "contact.created": UserRoundPlus,
  "contact.stage_changed": Waypoints,
  "contact.assigned": UserRound,
  "contact.tagged": Tag,
  "contact.blocked": ShieldBan,
  "contact.held": FileLock2,
  "contact.consent_granted": ShieldCheck,
  "contact.consent_withdrawn": ShieldBan,
  "contact_import.started": FileInput,
  "note.created": StickyNote,
  call: Phone,
  meeting: CalendarDays,
  email: Mail,
  message: MessageCircle,
};

/** A glyph for what happened. */
export const iconOf = (entry: Entry): LucideIcon =>
  ICONS[entry.activity?.kind ?? entry.kind] ?? (entry.subject === "submissions" ? ClipboardList : CircleDot);
