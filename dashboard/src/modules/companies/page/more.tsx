import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";

/** Asks for the next page of a list that stands among others. */
export function More(props: {
  query: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  className: string;
}) {
  const { t } = useTranslation();
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = props.query;
  if (!hasNextPage) return null;
  return (
    <div className={`${props.className} print:hidden`}>
      <Button look="ghost" size="small" busy={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {t("action.more")}
      </Button>
    </div>
  );
}
