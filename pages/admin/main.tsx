import { startApplication } from '../kit/start.tsx';
import { Console } from './console.tsx';
import { languages } from './text.ts';

void startApplication(Console, languages);
