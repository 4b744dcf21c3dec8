import { Text } from "@mantine/core";
import { Section } from "@/components/graph/NodeDetails";
import { Values } from "@/components/graph/ValueView";
import { formOf } from "@/lib/schemaForm";
import type { Toolchain } from "@/models";
import classes from "./ToolchainPage.module.css";

/** What a toolchain is for, what it takes, remembers and gives. */
export function Overview({ toolchain }: { toolchain: Toolchain }) {
  const { fields } = formOf(toolchain.input);
  const state = Object.entries(toolchain.state ?? {});
  const output = toolchain.output ?? {};
  return (
    <div>
      <p className={classes.description}>{toolchain.description || "This toolchain has no description."}</p>
      <Section title="Takes">
        {fields.length > 0 ? (
          <Values
            values={Object.fromEntries(
              fields.map(({ name, title, required }) => [name, `${title}${required ? " (needed)" : ""}`]),
            )}
          />
        ) : (
          <Nothing>No named input.</Nothing>
        )}
      </Section>
      {state.length > 0 ? (
        <Section title="Remembers while it runs">
          <Values
            values={Object.fromEntries(
              state.map(([name, { type, reducer, scope, description }]) => [
                name,
                [
                  type,
                  reducer && reducer !== "set" ? reducer : "",
                  scope === "thread" ? "kept in the thread" : "",
                  description ?? "",
                ]
                  .filter(Boolean)
                  .join(" · "),
              ]),
            )}
          />
        </Section>
      ) : null}
      <Section title="Gives">
        {Object.keys(output).length > 0 ? <Values values={output} /> : <Nothing>No output.</Nothing>}
      </Section>
      <Text size="sm" c="dimmed" mt="lg">
        Select a node of the graph to see what it does.
      </Text>
    </div>
  );
}

function Nothing({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed">
      {children}
    </Text>
  );
}
