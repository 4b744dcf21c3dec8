import { Modal, type ModalProps } from "@mantine/core";
import { useEscape } from "./useEscape";

/** A dialog over the page. Of several over each other Escape closes the topmost alone. */
export function Dialog({ closeOnEscape = true, ...props }: ModalProps) {
  useEscape(props.opened, closeOnEscape ? props.onClose : null);
  return <Modal {...props} closeOnEscape={false} />;
}
