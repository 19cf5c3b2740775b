import { serverBundle } from '../../rolldown.server.mjs';

export default serverBundle('tools/commands/src/main.ts', 'dist/tools/commands/main.js');
