import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { PlainLink } from "@/ui/link";
import { Card } from "../contacts/person/card";
import { segmentsOf } from "./data";

/** In which segments a contact is now. */
export function InSegments({ contact }: { contact: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(segmentsOf(contact));
  if (!data || data.length === 0) return null;
  return (
    <Card title={t("segments.in")}>
      <ul className="-mx-2">
        {data.map(({ id, name }) => (
          <li key={id}>
            <PlainLink
              to="/contacts/segments/$id"
              params={{ id }}
              className="flex min-h-9 items-center rounded-control px-2 text-sm hover:bg-hover coarse:min-h-11"
            >
              <bdi className="min-w-0 truncate">{name}</bdi>
            </PlainLink>
          </li>
        ))}
      </ul>
    </Card>
  );
}
