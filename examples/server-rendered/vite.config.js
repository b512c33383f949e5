import { reactRouter } from '@react-router/dev/vite';
import { defineConfig } from 'vite';

const gateway = `http://localhost:${process.env.PORT ?? 4000}`;

// The pages and the gateway have one host, so that both see the cookie.
export default defineConfig({
  plugins: [reactRouter()],
  server: { proxy: { '/graphql': { target: gateway, ws: true } } },
});
