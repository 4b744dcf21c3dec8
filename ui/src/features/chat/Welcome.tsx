import { Button, Text, Title, UnstyledButton } from "@mantine/core";
import { Link } from "react-router";
import { useCollections } from "@/api/collections";
import { IconUpload } from "@/components/icons";
import { Logo } from "@/components/Logo";
import { plural } from "@/lib/format";
import classes from "./Welcome.module.css";

const EXAMPLES = [
  "What are the main points?",
  "Which numbers matter most, and where do they come from?",
  "What should I know before I decide?",
  "Which open questions remain?",
];

/** What a new chat says: how to begin without documents, and what one may ask with them. */
export function Welcome({ onExample }: { onExample: (question: string) => void }) {
  const { data: collections } = useCollections();
  if (!collections) return null;
  const count = collections.reduce((sum, collection) => sum + collection.document_count, 0);
  return (
    <div className={classes.welcome}>
      <Logo size={44} />
      <Title order={1} className={classes.title}>
        {count > 0 ? "What would you like to know?" : "Ask your own documents"}
      </Title>
      {count > 0 ? (
        <>
          <Text c="dimmed">
            Answers come from {plural(count, "document")}, and each claim shows the page it stands on.
          </Text>
          <ul className={classes.examples}>
            {EXAMPLES.map((question) => (
              <li key={question}>
                <UnstyledButton className={classes.example} onClick={() => onExample(question)}>
                  {question}
                </UnstyledButton>
              </li>
            ))}
          </ul>
        </>
      ) : (
        <>
          <ol className={classes.steps}>
            <li>
              <strong>Add a document.</strong> PDF, Word, HTML, Markdown or plain text.
            </li>
            <li>
              <strong>Ask a question.</strong> The answer streams in while the passages are read.
            </li>
            <li>
              <strong>Check it.</strong> Every citation opens the page it came from.
            </li>
          </ol>
          <Button component={Link} to="/documents" size="md" leftSection={<IconUpload size={18} />}>
            Upload a document
          </Button>
        </>
      )}
    </div>
  );
}
