/**
 * The signature pieces. Each takes plain data and has an equivalent for those who do not see it. A route imports its
 * piece from the piece's own folder, so that style and script come with the route and not with the first page.
 */
export { ActivityStrip, type ActivityStripProps } from "./ActivityStrip/ActivityStrip";
export type { Activity } from "./ActivityStrip/geometry";
export { SkyLocale } from "./base/formats";
export { type Moment, ms } from "./base/time";
export { useMinute } from "./base/useMinute";
export { DayLine, type DayLineProps } from "./DayLine/DayLine";
export type { DayEvent } from "./DayLine/geometry";
export { DealBody, type DealBodyProps } from "./Deals/DealBody";
export { type Deal, type DealState, median, type Stage } from "./Deals/deal";
export { type OrbitStage, OrbitStrip, type OrbitStripProps } from "./Deals/OrbitStrip";
export { PipelineSky, type PipelineSkyProps } from "./Deals/PipelineSky";
export { Galaxy, type GalaxyProps } from "./Galaxy/Galaxy";
export type { SchemaState, Tenant } from "./Galaxy/geometry";
export { DockEdge, RailEdge } from "./Gravity/edges";
export { GravityDock, type GravityDockProps } from "./Gravity/GravityDock";
export { GravityRail, type GravityRailProps } from "./Gravity/GravityRail";
export type { NavGroup, NavItem, NavLinkProps, RenderLink } from "./Gravity/link";
export { DropMark, Reticle, type ReticleProps } from "./Reticle/Reticle";
export type { Constellation, SkyBody, SkyDay } from "./Sky/geometry";
export type { StarEvent, StarKind } from "./Sky/merge";
export { Sky, type SkyProps } from "./Sky/Sky";
export { Terminator, type TerminatorProps } from "./Terminator/Terminator";
export { crossTerminator, type Theme } from "./Terminator/terminator";
export { Timeline, type TimelineEntry, type TimelineProps } from "./Timeline/Timeline";
export type { Skip, Step, StepState } from "./Trajectory/geometry";
export { Trajectory, type TrajectoryProps } from "./Trajectory/Trajectory";
