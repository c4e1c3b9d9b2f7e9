import { session } from "@/api/session";
import { onAdmin } from "./where";

/** Where nobody works yet: he is on his way in. */
const DOORS = /^\/(sign-|forgot-|reset-|verify-|accept-|enter)/;

// Nothing behind the sign-in can be asked for before this is answered: it is asked while the rest of the program starts.
if (!onAdmin && !DOORS.test(location.pathname) && session.expected) void session.token().catch(() => undefined);
