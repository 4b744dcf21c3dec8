import { NavLink } from "react-router";
import { AccountMenu } from "./AccountMenu";
import { IconChat, IconDocuments, IconModels, IconRuns, IconSearch, IconSettings, IconToolchains } from "./icons";
import { Logo } from "./Logo";
import classes from "./Navigation.module.css";

export const PLACES = [
  { to: "/chat", label: "Chat", Icon: IconChat },
  { to: "/search", label: "Search", Icon: IconSearch },
  { to: "/documents", label: "Documents", Icon: IconDocuments },
  { to: "/toolchains", label: "Toolchains", Icon: IconToolchains },
  { to: "/runs", label: "Runs", Icon: IconRuns },
  { to: "/models", label: "Models", Icon: IconModels },
  { to: "/settings", label: "Settings", Icon: IconSettings },
];

export function Navigation() {
  return (
    <nav className={classes.nav} aria-label="Main">
      <div className={classes.logo}>
        <Logo size={34} />
      </div>
      <ul className={classes.list}>
        {PLACES.map(({ to, label, Icon }) => (
          <li key={to}>
            <NavLink to={to} className={classes.link ?? ""}>
              <span className={classes.icon}>
                <Icon size={21} />
              </span>
              <span>{label}</span>
            </NavLink>
          </li>
        ))}
      </ul>
      <div className={classes.account}>
        <AccountMenu />
      </div>
    </nav>
  );
}
