import { useCallback } from "react";
import { type Location, useLocation, useNavigate, useSearchParams } from "react-router";

export const OPENED = "open";

/** The state of an address that differs from the one before it by what was opened. */
const PUSHED = "opened";

/** What is open beside a page, by its id in the address: going back closes it, and it is there again after a reload. */
export function useOpened(): [opened: string | null, open: (id: string | null) => void] {
  const navigate = useNavigate();
  const { state } = useLocation() as Location<unknown>;
  const [params, setParams] = useSearchParams();
  const opened = params.get(OPENED);

  const open = useCallback(
    (id: string | null) => {
      if (id === opened) return;
      if (id === null && state === PUSHED) return void navigate(-1);
      const next = new URLSearchParams(params);
      if (id === null) next.delete(OPENED);
      else next.set(OPENED, id);
      setParams(next, opened === null ? { state: PUSHED } : { replace: true, state });
    },
    [opened, state, params, setParams, navigate],
  );
  return [opened, open];
}
