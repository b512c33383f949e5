import './styles.ts';
import { type ComponentType, render } from 'preact';
import { locale } from './locale.ts';
import { loadProblemTexts } from './problem-texts.ts';
import { addTexts, type Languages, speak } from './texts.ts';

/** Shows an application, when its texts are there. */
export async function startApplication(App: ComponentType, languages: Languages): Promise<void> {
  await addTexts(languages);
  await speak(locale.value);
  const place = document.getElementById('app');
  if (!place) return;
  place.replaceChildren();
  render(<App />, place);
  void loadProblemTexts();
}
