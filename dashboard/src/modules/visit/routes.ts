import { createRoute } from "@tanstack/react-router";
import { page, under } from "@/app/routes";

const arrive = createRoute({ ...under("/enter"), component: page(["visit"], () => import("./arrive"), "Arrive") });

export const visitRoutes = [arrive] as const;
