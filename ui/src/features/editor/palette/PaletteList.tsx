import { TextInput } from "@mantine/core";
import { type DragEvent, type KeyboardEvent, useId, useMemo, useRef, useState } from "react";
import { kindOf } from "@/components/graph/kinds";
import graph from "@/components/graph/Graph.module.css";
import { IconSearch } from "@/components/icons";
import { found, type PaletteItem } from "@/lib/editor/palette";
import classes from "./Palette.module.css";
import { usePalette } from "./usePalette";

/** The type under which an item of the palette is dragged onto the canvas. */
export const DRAGGED = "application/x-penstock-item";

interface PaletteListProps {
  onChoose: (item: PaletteItem) => void;
  autoFocus?: boolean;
}

/** What can be added, to be searched, chosen with mouse or keyboard, or dragged onto the canvas. */
export function PaletteList({ onChoose, autoFocus = false }: PaletteListProps) {
  const items = usePalette();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const name = useId();
  const shown = useMemo(() => found(items, query), [items, query]);
  const current = Math.min(active, shown.length - 1);

  function go(to: number) {
    setActive(to);
    list.current?.querySelector(`[data-index="${to}"]`)?.scrollIntoView({ block: "nearest" });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === "ArrowDown") go(Math.min(shown.length - 1, current + 1));
    else if (event.key === "ArrowUp") go(Math.max(0, current - 1));
    else if (event.key === "Enter" && shown[current]) onChoose(shown[current]);
    else return;
    event.preventDefault();
  }

  return (
    <div className={classes.palette}>
      <TextInput
        size="sm"
        placeholder="Search"
        aria-label="Search what can be added"
        role="combobox"
        aria-expanded
        aria-controls={name}
        aria-activedescendant={shown[current] ? `${name}-${current}` : undefined}
        leftSection={<IconSearch size={15} />}
        value={query}
        data-autofocus={autoFocus || undefined}
        autoFocus={autoFocus}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
      />
      <div ref={list} id={name} className={classes.list} role="listbox" aria-label="What can be added">
        {shown.map((item, index) => (
          <Item
            key={item.id}
            id={`${name}-${index}`}
            item={item}
            index={index}
            active={index === current}
            first={query === "" && item.group !== shown[index - 1]?.group}
            onChoose={onChoose}
          />
        ))}
        {shown.length === 0 ? <p className={classes.nothing}>Nothing is called or described so.</p> : null}
      </div>
    </div>
  );
}

interface ItemProps {
  id: string;
  item: PaletteItem;
  index: number;
  active: boolean;
  /** It begins its group. */
  first: boolean;
  onChoose: (item: PaletteItem) => void;
}

function Item({ id, item, index, active, first, onChoose }: ItemProps) {
  const { Icon } = kindOf(item.kind);
  function drag(event: DragEvent) {
    event.dataTransfer.setData(DRAGGED, item.id);
    event.dataTransfer.effectAllowed = "copy";
  }
  return (
    <>
      {first ? (
        <div className={classes.group} role="presentation">
          {item.group}
        </div>
      ) : null}
      <div
        id={id}
        className={`${classes.item ?? ""} ${graph.step ?? ""}`}
        role="option"
        tabIndex={-1}
        aria-selected={active}
        data-active={active || undefined}
        data-index={index}
        data-kind={item.kind}
        title={item.summary}
        draggable
        onDragStart={drag}
        onClick={() => onChoose(item)}
      >
        <span className={graph.icon}>
          <Icon size={15} />
        </span>
        <span className={classes.words}>
          <span className={classes.title}>{item.title}</span>
          <span className={classes.summary}>{item.summary}</span>
        </span>
      </div>
    </>
  );
}
