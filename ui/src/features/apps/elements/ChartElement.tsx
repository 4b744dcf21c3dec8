import { Text } from "@mantine/core";
import { useMemo } from "react";
import { chartOf, type ChartView, heightOf } from "@/lib/pageChart";
import { valueOf } from "@/lib/pageValues";
import type { PageElement } from "@/models";
import { useOpenPage } from "../runtime";
import classes from "./Chart.module.css";

const WIDTH = 640;
const HEIGHT = 260;
const BOX = { left: 56, right: 8, top: 8, bottom: 28 };
const NONE: [] = [];

type Props = { element: Extract<PageElement, { kind: "chart" }> };

/** Numbers of rows, drawn, and told in words to those who hear the page. */
export default function ChartElement({ element }: Props) {
  const { scope } = useOpenPage();
  const rows = valueOf(element.rows, scope);
  const { x = "", y } = element;
  const view = useMemo(() => chartOf(rows, x, y.length > 0 ? y : NONE), [rows, x, y]);
  const name = element.label || "Chart";
  return (
    <figure className={classes.figure}>
      {element.label ? <figcaption className={classes.caption}>{element.label}</figcaption> : null}
      {view.labels.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nothing to draw yet.
        </Text>
      ) : (
        <>
          <Drawing view={view} shape={element.shape ?? "bars"} name={name} />
          {view.series.length > 1 ? (
            <ul className={classes.legend}>
              {view.series.map(({ name: series }, index) => (
                <li key={series} data-series={index}>
                  {series}
                </li>
              ))}
            </ul>
          ) : null}
        </>
      )}
    </figure>
  );
}

function Drawing({ view, shape, name }: { view: ChartView; shape: "bars" | "line"; name: string }) {
  const { labels, series, ticks } = view;
  const inner = { width: WIDTH - BOX.left - BOX.right, height: HEIGHT - BOX.top - BOX.bottom };
  const step = inner.width / labels.length;
  const down = (value: number) => BOX.top + inner.height * (1 - heightOf(value, ticks));
  const every = Math.ceil(labels.length / 8);
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} className={classes.chart} role="img" aria-label={inWords(view, name)}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className={classes.grid} x1={BOX.left} x2={WIDTH - BOX.right} y1={down(tick)} y2={down(tick)} />
          <text className={classes.tick} x={BOX.left - 8} y={down(tick) + 4} textAnchor="end">
            {tick.toLocaleString("en")}
          </text>
        </g>
      ))}
      {labels.map((label, index) =>
        index % every === 0 ? (
          <text
            key={index}
            className={classes.tick}
            x={BOX.left + step * (index + 0.5)}
            y={HEIGHT - 8}
            textAnchor="middle"
          >
            {label.length > 12 ? `${label.slice(0, 11)}…` : label}
          </text>
        ) : null,
      )}
      {series.map(({ name: of, values }, number) =>
        shape === "bars" ? (
          <g key={of} data-series={number}>
            {values.map((value, index) => {
              if (value === null) return null;
              const width = (step * 0.72) / series.length;
              const zero = down(0);
              return (
                <rect
                  key={index}
                  x={BOX.left + step * (index + 0.14) + width * number}
                  y={Math.min(zero, down(value))}
                  width={width}
                  height={Math.abs(zero - down(value))}
                  rx={Math.min(3, width / 3)}
                >
                  <title>{`${labels[index] ?? ""}: ${value}`}</title>
                </rect>
              );
            })}
          </g>
        ) : (
          <polyline
            key={of}
            data-series={number}
            points={values
              .flatMap((value, index) => (value === null ? [] : [`${BOX.left + step * (index + 0.5)},${down(value)}`]))
              .join(" ")}
          />
        ),
      )}
    </svg>
  );
}

const MOST_WORDS = 40;

/** The numbers in words, for those who hear the page. */
function inWords({ labels, series }: ChartView, name: string): string {
  const parts = series.map(({ name: of, values }) => {
    const told = values.slice(0, MOST_WORDS).map((value, index) => `${labels[index] ?? ""} ${value ?? "nothing"}`);
    return `${of}: ${told.join(", ")}`;
  });
  return `${name}. ${parts.join(". ")}`;
}
