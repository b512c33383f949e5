import '../kit/fragment.ts';
import { startApplication } from '../kit/start.tsx';
import { App } from './app.tsx';
import { languages } from './text.ts';

void startApplication(App, languages);
