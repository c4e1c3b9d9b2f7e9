import { useTranslation } from "react-i18next";
import type { Schema } from "@/api/client";
import { useModuleName } from "./modules";
import { Panel } from "@/ui/panel";
import { type Grants, REACHES, type Reach, reachOf } from "./matrix";

type Permission = Schema["PermissionEntry"];

/** Special rights are not part of "everything in a module": they are given one by one. */
const isSpecial = (name: string) => /\.(export|import|mass_update)$/.test(name);

/** Each action and how far it reaches, by module. Without `onChange` it is only read. */
export function Matrix(props: {
  permissions: readonly Permission[];
  grants: Grants;
  onChange?: (name: string, reach: Reach) => void;
}) {
  const { t } = useTranslation();
  const name = useModuleName();
  const modules = [...new Set(props.permissions.map(({ module }) => module))];
  return (
    <>
      {modules.map((module) => {
        const own = props.permissions.filter((one) => one.module === module);
        const sorted = [...own].sort((a, b) => Number(isSpecial(a.name)) - Number(isSpecial(b.name)));
        return (
          <Panel key={module} title={name(module)} flush>
            <ul className="divide-y divide-line">
              {sorted.map((permission) => (
                <li
                  key={permission.name}
                  className="flex min-h-12 flex-wrap items-center gap-x-4 gap-y-2 px-[18px] py-2 max-md:px-4"
                >
                  <span className="min-w-0 flex-1 basis-56">
                    <span className="block text-[13.5px]">{permission.description.replace(/\.$/, "")}</span>
                    <span className="block text-cap text-muted">
                      <code className="font-mono">{permission.name}</code>
                      {isSpecial(permission.name) && ` · ${t("team.special")}`}
                    </span>
                  </span>
                  <Reaches
                    label={permission.description}
                    name={permission.name}
                    value={reachOf(props.grants, permission.name)}
                    onChange={props.onChange && ((reach) => props.onChange?.(permission.name, reach))}
                  />
                </li>
              ))}
            </ul>
          </Panel>
        );
      })}
    </>
  );
}

function Reaches(props: { label: string; name: string; value: Reach; onChange: ((reach: Reach) => void) | undefined }) {
  const { t } = useTranslation();
  if (!props.onChange)
    return (
      <span className={`text-sm ${props.value === "no" ? "text-muted" : "font-[570]"}`}>
        {t(`team.reach.${props.value}`)}
      </span>
    );
  return (
    <fieldset className="inline-flex rounded-control border border-line bg-sunken p-0.5">
      <legend className="sr-only">{props.label}</legend>
      {REACHES.map((reach) => (
        <label
          key={reach}
          className="inline-flex h-[30px] cursor-pointer items-center rounded-[8px] px-2.5 text-[12.5px] font-[520] text-muted hover:text-ink has-checked:bg-raised has-checked:font-[580] has-checked:text-ink has-checked:shadow-1 has-focus-visible:outline-2 has-focus-visible:outline-focus max-md:h-11 coarse:h-11"
        >
          <input
            type="radio"
            name={props.name}
            checked={props.value === reach}
            onChange={() => props.onChange?.(reach)}
            className="sr-only"
          />
          {t(`team.reach.${reach}`)}
        </label>
      ))}
    </fieldset>
  );
}
