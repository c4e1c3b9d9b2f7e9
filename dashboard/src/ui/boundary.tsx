import { QueryErrorResetBoundary } from "@tanstack/react-query";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { Failed } from "./states";

interface Props {
  children: ReactNode;
  title?: string;
  onReset?: () => void;
}

class Catcher extends Component<Props, { error?: unknown }> {
  override state: { error?: unknown } = {};
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error(error, info.componentStack);
  }
  override render() {
    if (this.state.error === undefined) return this.props.children;
    const again = () => {
      this.props.onReset?.();
      this.setState({ error: undefined });
    };
    return <Failed title={this.props.title} error={this.state.error} onRetry={again} />;
  }
}

/** A failing panel never takes the page with it. */
export function Boundary({ children, title }: Omit<Props, "onReset">) {
  return (
    <QueryErrorResetBoundary>
      {({ reset }) => (
        <Catcher title={title} onReset={reset}>
          {children}
        </Catcher>
      )}
    </QueryErrorResetBoundary>
  );
}
