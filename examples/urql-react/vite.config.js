import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const gateway = `http://localhost:${process.env.PORT ?? 4000}`;

// The page and the gateway have one origin, as behind one proxy.
export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/graphql': { target: gateway, ws: true } } },
});
