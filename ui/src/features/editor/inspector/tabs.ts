import type { NodeTab, PanelTab } from "../slots";
import { AboutTab } from "./AboutTab";
import { DataTab } from "./DataTab";
import { FaultsTab } from "./FaultsTab";
import { JsonTab, NodeJsonTab } from "./JsonTab";
import { NodeForm } from "./NodeForm";

/** The inspector's own tabs; those of others follow them. */
export const OWN_NODE_TABS: readonly NodeTab[] = [
  { id: "form", label: "Node", Panel: NodeForm },
  { id: "json", label: "JSON", Panel: NodeJsonTab },
];

export const OWN_TOOLCHAIN_TABS: readonly PanelTab[] = [
  { id: "about", label: "About", Panel: AboutTab },
  { id: "data", label: "Data", Panel: DataTab },
  { id: "faults", label: "Faults", Panel: FaultsTab },
  { id: "json", label: "JSON", Panel: JsonTab },
];
