/** The screens of pipelines come together: whoever opens one opens the other. */
export { PipelinePage } from "./editor";
export { PipelinesPage } from "./list";
