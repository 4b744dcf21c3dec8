import { Component, type ReactNode } from "react";
import { Failure } from "@/components/Failure";

/** What broke an element, in its place; the rest of the page goes on. */
export class ElementBoundary extends Component<{ children: ReactNode }, { fault: unknown }> {
  override state: { fault: unknown } = { fault: null };

  static getDerivedStateFromError(fault: unknown) {
    return { fault };
  }

  override render() {
    if (this.state.fault === null) return this.props.children;
    return <Failure fault={this.state.fault} onRetry={() => this.setState({ fault: null })} />;
  }
}
