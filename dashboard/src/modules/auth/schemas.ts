import * as z from "zod/mini";
import { ADDRESS, DIGITS } from "./credentials";

// Messages are codes: `sayProblem` turns them into words, as it does with the server's.
export const filled = z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(300, "too_long"));
export const email = z.string().check(z.trim(), z.minLength(1, "required"), z.regex(ADDRESS, "email_invalid"));
export const secret = z.string().check(z.minLength(1, "required"));
export const newSecret = z
  .string()
  .check(z.minLength(1, "required"), z.minLength(10, "password_short"), z.maxLength(200, "password_long"));
export const code = z.string().check(z.trim(), z.minLength(DIGITS, "digits"));
