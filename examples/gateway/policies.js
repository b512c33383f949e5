/** Policies by the name that `@policy` gives them. What throws, or says nothing, says no. */
export const policies = {
  early_access: ({ caller }) => caller.kind === 'user' && caller.roles.includes('user'),
};
