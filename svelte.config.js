import adapter from '@sveltejs/adapter-node';

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: adapter({ out: process.env.QIAOMEN_OUT ?? 'build', precompress: true, envPrefix: 'ADAPTER_' }),
    version: { name: process.env.QIAOMEN_BUILD ?? 'development' },
    paths: { relative: false },
    serviceWorker: { register: false },
    csp: {
      mode: 'nonce',
      directives: {
        'default-src': ['none'],
        'script-src': ['self'],
        'style-src': ['self'],
        'img-src': ['self', 'data:', 'blob:'],
        'font-src': ['self'],
        'connect-src': ['self'],
        'manifest-src': ['self'],
        'worker-src': ['self'],
        'form-action': ['self'],
        'base-uri': ['none'],
        'object-src': ['none'],
        'frame-ancestors': ['none'],
      },
    },
    alias: { $messages: 'src/lib/paraglide/messages' },
    typescript: {
      config: (config) => ({
        ...config,
        include: [...config.include, '../scripts/**/*.ts', '../bench/**/*.ts', '../*.config.ts'],
      }),
    },
  },
};
