import { Center, Loader } from "@mantine/core";
import { type ComponentProps, lazy, Suspense } from "react";

const Drawn = lazy(() => import("./ToolchainGraph"));

/** The graph of a toolchain; the library that draws it is loaded with the first one. */
export function ToolchainGraph(props: ComponentProps<typeof Drawn>) {
  return (
    <Suspense
      fallback={
        <Center h="100%">
          <Loader size="sm" aria-label="Loading the graph" />
        </Center>
      }
    >
      <Drawn {...props} />
    </Suspense>
  );
}
