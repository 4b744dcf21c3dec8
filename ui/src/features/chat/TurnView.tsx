import type { Turn } from "@/lib/answer";
import { AnswerView } from "./AnswerView";
import type { ShownSource, ShowSource } from "./shown";
import classes from "./TurnView.module.css";

interface TurnViewProps {
  turn: Turn;
  last: boolean;
  shown: ShownSource | null;
  onShow: ShowSource;
  onRetry: (() => void) | null;
}

/** A question and its answer. */
export function TurnView({ turn, last, shown, onShow, onRetry }: TurnViewProps) {
  return (
    <article className={classes.turn} data-last={last || undefined}>
      {turn.question ? (
        <div className={classes.question} dir="auto">
          {turn.question}
        </div>
      ) : null}
      {turn.answer ? <AnswerView answer={turn.answer} shown={shown} onShow={onShow} onRetry={onRetry} /> : null}
    </article>
  );
}
