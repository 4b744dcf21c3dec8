import { Button, Loader, ScrollArea, Text } from "@mantine/core";
import { useConversations } from "@/api/conversations";
import { Failure } from "@/components/Failure";
import { IconPlus } from "@/components/icons";
import { groupByPeriod } from "@/lib/periods";
import { ConversationItem } from "./ConversationItem";
import classes from "./ConversationList.module.css";

interface ConversationListProps {
  current: string | null;
  /** null opens a new one. */
  onOpen: (conversationId: string | null) => void;
}

export function ConversationList({ current, onOpen }: ConversationListProps) {
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useConversations();
  return (
    <div className={classes.column}>
      <div className={classes.head}>
        <Button fullWidth variant="default" leftSection={<IconPlus size={16} />} onClick={() => onOpen(null)}>
          New chat
        </Button>
      </div>
      <ScrollArea className={classes.scroll} type="hover" scrollbarSize={8}>
        {isPending ? <Loader size="xs" m="md" aria-label="Loading" /> : null}
        {error ? <Failure fault={error} onRetry={() => void refetch()} /> : null}
        {data?.length === 0 ? (
          <Text size="sm" c="dimmed" px="md" py="xs">
            Your conversations will be here.
          </Text>
        ) : null}
        {groupByPeriod(data ?? [], (conversation) => conversation.updated_at).map(({ label, things }) => (
          <section key={label} aria-label={label} className={classes.group}>
            <h2 className={classes.period}>{label}</h2>
            <ul className={classes.items}>
              {things.map((conversation) => (
                <ConversationItem
                  key={conversation.conversation_id}
                  conversation={conversation}
                  current={conversation.conversation_id === current}
                  onOpen={onOpen}
                />
              ))}
            </ul>
          </section>
        ))}
        {hasNextPage ? (
          <Button
            variant="subtle"
            size="compact-sm"
            color="gray"
            m="sm"
            loading={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            Show older
          </Button>
        ) : null}
      </ScrollArea>
    </div>
  );
}
