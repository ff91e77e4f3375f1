import { error } from '@sveltejs/kit';

/** The office and who asks. The hooks let nobody else through; this says so to the types, and once more to be sure. */
export function signedIn(locals: App.Locals) {
  const { office, account } = locals;
  if (!account) error(401);
  return { office, account };
}
