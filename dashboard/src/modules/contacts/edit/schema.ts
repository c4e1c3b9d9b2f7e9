import * as z from "zod/mini";

const line = z.string().check(z.trim(), z.maxLength(300, "too_long"));

/** The shape of the form; what an address or a number has to look like the server knows better. */
export const shape = {
  display_name: line,
  salutation: line,
  first_name: line,
  middle_name: line,
  last_name: line,
  company_name: line,
  job_title: line,
  emails: z.array(z.object({ address: line, kind: z.string() })),
  phones: z.array(z.object({ number: line, kind: z.string() })),
  profiles: z.array(z.object({ network: z.string(), url: line })),
  address: z.object({
    line1: line,
    line2: line,
    postal_code: line,
    city: line,
    region: line,
    country: z.string(),
  }),
  zone: z.string(),
  language: z.string(),
  source: line,
  owner: z.string(),
  stage: z.string(),
  tags: z.array(z.string()),
};
