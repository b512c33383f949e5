#!/usr/bin/env node
import { onSupportedNode } from './node-version.ts';

await onSupportedNode(() => import('./cli/main.ts'));
