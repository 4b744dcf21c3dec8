import { ActionIcon, Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@/components/icons";
import { ANY, type JsonType } from "@/lib/editor/jsonTypes";
import { freshName } from "@/lib/editor/schemaTable";
import { type JsonObject, keyed } from "@/lib/json";
import classes from "./Fields.module.css";
import { LateInput } from "./LateInput";
import { ValueField } from "./ValueField";

interface ValueMapProps {
  path: string;
  value: JsonObject;
  onChange: (value: JsonObject) => void;
  /** What another name changes elsewhere. */
  onRename?: (from: string, to: string) => void;
  withResult?: boolean;
  /** What a new one is called, if not yet taken. */
  named?: string;
  /** The names that there may be; left out: any. */
  names?: readonly string[];
  typeOf?: (name: string) => JsonType;
}

/** Names with a value each, as many as there are. */
export function ValueMap(props: ValueMapProps) {
  const { path, value, onChange, onRename, withResult, named = "value", names, typeOf } = props;
  const free = names?.find((name) => !Object.hasOwn(value, name));
  return (
    <div className={classes.pairs}>
      {Object.entries(value).map(([name, held]) => (
        <div key={name} className={classes.item}>
          <div className={classes.itemHead}>
            <LateInput
              label={`Name of ${name}`}
              value={name}
              faultOf={(next) => (Object.hasOwn(value, next) ? "That is there already." : null)}
              onChange={(next) => {
                onRename?.(name, next);
                onChange(keyed(value, name, next));
              }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Take away ${name}`}
              onClick={() => onChange(Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)))}
            >
              <IconTrash size={15} />
            </ActionIcon>
          </div>
          <ValueField
            path={`${path}.${name}`}
            label={name}
            type={typeOf?.(name) ?? ANY}
            schema={null}
            required
            value={held}
            withResult={withResult ?? false}
            onChange={(next) => onChange({ ...value, [name]: next ?? null })}
          />
        </div>
      ))}
      <Button
        size="compact-sm"
        variant="subtle"
        className={classes.more ?? ""}
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange({ ...value, [free ?? freshName(value, named)]: null })}
      >
        Add
      </Button>
    </div>
  );
}
