import { CloseButton, Text } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useModelLogs } from "@/api/models";
import { CopyButton } from "@/components/CopyButton";
import { Failure } from "@/components/Failure";
import { SideDrawer } from "@/components/SideDrawer";
import classes from "./Models.module.css";

/** What a model's engines printed of late; it follows while its end is in view. */
export function ModelLogs({ model, onClose }: { model: string; onClose: () => void }) {
  const { data, error, refetch } = useModelLogs(model);
  const box = useRef<HTMLPreElement>(null);
  const atEnd = useRef(true);
  const text = data?.lines.join("\n") ?? "";
  useEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  return (
    <SideDrawer label={`Log of ${model}`} opened onClose={onClose} position="right" size="min(960px, 100%)">
      <div className={classes.logHead}>
        <Text fw={600} truncate flex={1}>
          Log of {model}
        </Text>
        <CopyButton text={text} label="Copy log" />
        <CloseButton aria-label="Close" onClick={onClose} />
      </div>
      {error ? <Failure fault={error} onRetry={() => void refetch()} /> : null}
      {data && data.dropped > 0 ? (
        <Text size="xs" c="dimmed" px="md">
          {data.dropped.toLocaleString("en")} earlier lines are not kept.
        </Text>
      ) : null}
      <pre
        ref={box}
        className={classes.log}
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          atEnd.current = scrollHeight - scrollTop - clientHeight < 40;
        }}
      >
        {data?.lines.length === 0 ? "Its engine has printed nothing yet." : text}
      </pre>
    </SideDrawer>
  );
}
