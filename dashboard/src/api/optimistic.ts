import { type QueryKey, type UseMutationOptions, useMutation, useQueryClient } from "@tanstack/react-query";

/**
 * A change that shows at once and goes back when the server refuses it.
 *
 * `apply` gets what the cache holds under a key and returns what it should hold; every key that begins with `key` is
 * changed and, after the answer, read again.
 */
export function useOptimistic<Vars, Data, Held>(options: {
  key: QueryKey;
  send: (vars: Vars) => Promise<Data>;
  apply: (held: Held, vars: Vars) => Held;
  onSuccess?: UseMutationOptions<Data, Error, Vars>["onSuccess"];
  onError?: (error: Error, vars: Vars) => void;
}) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: options.send,
    onMutate: async (vars: Vars) => {
      await cache.cancelQueries({ queryKey: options.key });
      const before = cache.getQueriesData<Held>({ queryKey: options.key });
      for (const [key, held] of before) if (held !== undefined) cache.setQueryData(key, options.apply(held, vars));
      return { before };
    },
    onError: (error: Error, vars, context) => {
      for (const [key, held] of context?.before ?? []) cache.setQueryData(key, held);
      options.onError?.(error, vars);
    },
    onSuccess: options.onSuccess,
    onSettled: () => cache.invalidateQueries({ queryKey: options.key }),
  });
}
