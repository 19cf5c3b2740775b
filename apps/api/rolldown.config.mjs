import { serverBundle } from '../../rolldown.server.mjs';

export default serverBundle('apps/api/src/main.ts', 'dist/apps/api/main.js');
