import { useMemo } from "react";
import { referables } from "@/lib/editor/references";
import { withInputRenamed, withOutputRenamed } from "@/lib/editor/rename";
import { isObject, type JsonObject } from "@/lib/json";
import { Section } from "@/components/graph/NodeDetails";
import { FormProvider } from "../fields/context";
import classes from "../fields/Fields.module.css";
import { SchemaEditor } from "../fields/SchemaEditor";
import { ValueMap } from "../fields/ValueMap";
import { useEditor } from "../store";
import { StateTable } from "./StateTable";

/** What the toolchain takes, remembers while it runs, and gives. */
export function DataTab() {
  const toolchain = useEditor((state) => state.toolchain);
  const help = useEditor((state) => state.help);
  const faults = useEditor((state) => state.faults);
  const edit = useEditor((state) => state.edit);
  const context = useMemo(() => {
    const own = faults.filter(({ node }) => node === null);
    const all = referables(toolchain, null, help);
    return { node: null, kind: "", container: null, referables: all, withResult: all, faults: own };
  }, [toolchain, help, faults]);
  const about = context.faults.filter(({ field }) => field.startsWith("input"));
  return (
    <FormProvider value={context}>
      <Section title="Takes">
        <SchemaEditor
          label="Input"
          schema={isObject(toolchain.input) ? toolchain.input : { type: "object" }}
          onChange={(input: JsonObject) =>
            edit({ label: "Change the input", merge: "input", change: (now) => ({ ...now, input }) })
          }
          onRename={(from, to) =>
            edit({ label: "Rename an input", merge: "input", change: (now) => withInputRenamed(now, from, to) })
          }
        />
        {about.map(({ path, message }) => (
          <p key={path} className={classes.fault} role="alert">
            {path}: {message}
          </p>
        ))}
      </Section>
      <Section title="Remembers while it runs">
        <StateTable />
      </Section>
      <Section title="Gives">
        <ValueMap
          path="output"
          named="answer"
          value={toolchain.output ?? {}}
          onChange={(output) =>
            edit({ label: "Change the output", merge: "output", change: (now) => ({ ...now, output }) })
          }
          onRename={(from, to) =>
            edit({ label: "Rename an output", merge: "output", change: (now) => withOutputRenamed(now, from, to) })
          }
        />
      </Section>
    </FormProvider>
  );
}
