/** Where the forms of the review screen are posted: the action, with the rest of the address, so that an answer without scripts shows the same view. */
import { createContext } from 'svelte';

export type Post = (action: string) => string;
export const [postOf, setPost] = createContext<Post>();
