export function EditorCanvas() {
  return null;
}
