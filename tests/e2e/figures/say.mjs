/** Figures as `cargo xtask bench` reads them: each as JSON on a line of its own, as soon as it is known. */
export const goal = { atMost: (most) => ({ at_most: most }), atLeast: (least) => ({ at_least: least }), none: {} };

export const say = (what, goal, unit, values, how) => console.log(JSON.stringify({ what, ...goal, unit, values, how }));
