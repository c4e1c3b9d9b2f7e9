import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { Avatar } from "@/ui/avatar";
import { PlainLink } from "@/ui/link";
import { Own } from "@/ui/own";
import { Card } from "../contacts/person/card";
import { companiesOf } from "./data";

/** The companies that somebody is one of the people of, with what he does there. */
export function CompaniesOf({ contact }: { contact: string }) {
  const { t } = useTranslation();
  const reads = useMay("companies.read");
  const { data } = useQuery({ ...companiesOf(contact), enabled: reads });
  if (!data?.length) return null;
  return (
    <Card title={t("companies.title")}>
      <ul>
        {data.map(({ company, name, roles, primary }) => {
          const does = [...roles.map((role) => t(`companies.role.${role}`)), primary && t("companies.primary")];
          return (
            <li key={company}>
              <PlainLink
                to="/companies/$id"
                params={{ id: company }}
                className="flex min-h-10 items-center gap-2.5 text-sm hover:underline coarse:min-h-11"
              >
                <Avatar name={name} id={company} size="sm" square />
                <span className="min-w-0">
                  <span className="flex">
                    <Own title={name}>{name}</Own>
                  </span>
                  {does.some(Boolean) && (
                    <span className="block truncate text-cap text-muted">{does.filter(Boolean).join(", ")}</span>
                  )}
                </span>
              </PlainLink>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
