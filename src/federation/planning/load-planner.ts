import type { QueryPlanner } from '@graphql-hive/router-query-planner';

type PlannerPackage = { readonly QueryPlanner: typeof QueryPlanner };

/** Loads the planner, which is native code. @throws Error that says where it runs, where it does not */
export async function loadPlanner(
  load: () => Promise<PlannerPackage> = () => import('@graphql-hive/router-query-planner'),
): Promise<typeof QueryPlanner> {
  try {
    const { QueryPlanner: Planner } = await load();
    return Planner;
  } catch (cause) {
    throw new Error(
      `The planner of subgraphs has no build for this system (${process.platform}, ${process.arch}): it runs on Linux with glibc, and on macOS. On Alpine, take an image of Debian. Without subgraphs, and behind another router (ROLE=subgraph), it is not needed.`,
      { cause },
    );
  }
}
