import { PlainLink } from "@/ui/link";
import type { Deal } from "../data";

/** What the company of a deal is called: a link for whoever may read companies. */
export function CompanyName({ deal, reads }: { deal: Deal; reads: boolean }) {
  const { company, company_name: name } = deal;
  if (!company) return null;
  if (!reads) return <bdi>{name}</bdi>;
  return (
    <PlainLink to="/companies/$id" params={{ id: company }} className="reach hover:underline">
      <bdi>{name}</bdi>
    </PlainLink>
  );
}
