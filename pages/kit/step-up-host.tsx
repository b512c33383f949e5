import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { loadFactorParts } from './factor-text.ts';
import { type AskedStepUp, askedStepUp } from './stepped-up.ts';

/** The one dialog in which somebody shows once more who they are. A page has one. */
export function StepUpHost() {
  const asked = askedStepUp.value;
  const [loaded, setLoaded] = useState<{ readonly StepUp: ComponentType<AskedStepUp> }>();
  useEffect(() => {
    if (!asked || loaded) return;
    loadFactorParts().then(setLoaded, asked.onCancel);
  }, [asked]);
  return asked && loaded ? <loaded.StepUp {...asked} /> : null;
}
