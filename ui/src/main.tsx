import "@mantine/core/styles.css";
import "@fontsource-variable/inter/opsz.css";
import "./app.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, RouterProvider } from "react-router";
import { queryClient } from "./api/queryClient";
import { App } from "./App";
import { Toasts } from "./components/Toasts";
import { theme } from "./theme";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root");

// One route for all: what is shown where is the application's. This router can ask before a page is left.
const router = createBrowserRouter([{ path: "*", element: <App /> }]);

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
