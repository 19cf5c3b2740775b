import { serverBundle } from '../../rolldown.server.mjs';

export default serverBundle('apps/worker/src/main.ts', 'dist/apps/worker/main.js');
