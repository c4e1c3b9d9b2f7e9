import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { ChooseOther, type Other } from "../../duplicates/choose";
import type { Company } from "../data";
import { bare } from "../parts";

type Told = Pick<Company, "id" | "name" | "website" | "email" | "phone">;
const told = ({ id, name, website, email, phone }: Told): Other => ({
  id,
  name,
  note: website ? bare(website) : (email ?? phone),
});

/** Chooses the company that another one is merged with: those that may be the same, or one that is searched. */
export function MergeWith({ company, open, onClose }: { company: Company; open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <ChooseOther
      kind="companies"
      of={company}
      words={{
        title: t("companies.mergeWith"),
        search: t("companies.findCompany"),
        none: t("companies.nothingFits"),
      }}
      open={open}
      onClose={onClose}
      alike={async (signal) => {
        const query = { company: company.id, limit: 8, filter: ["state:eq:open"] };
        const { items } = await ok(api.GET("/v1/company-duplicates", { params: { query }, signal }));
        const sides = items.map(({ one, other }) => (one.company === company.id ? other : one));
        return sides.map((side) => told({ ...side, id: side.company }));
      }}
      found={async (q, signal) => {
        const { items } = await ok(api.GET("/v1/companies", { params: { query: { q, limit: 8 } }, signal }));
        return items.map(told);
      }}
    />
  );
}
