import { useTranslation } from "react-i18next";

/** What a module is called; its own name where nobody named it. */
export function useModuleName(): (module: string) => string {
  const { t, i18n } = useTranslation();
  return (module) => (i18n.exists(`module.${module}`) ? t(`module.${module}` as "module.contacts") : module);
}
