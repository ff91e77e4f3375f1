export const ssr = false;
export const csr = true;
export const prerender = false;
