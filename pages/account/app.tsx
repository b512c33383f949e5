import { ErrorBoundary } from 'preact-iso/lazy';
import { LocationProvider, Route, Router } from 'preact-iso/router';
import { at, settings } from '../kit/settings.ts';
import { Home } from './home.tsx';
import { NotFound } from './not-found.tsx';
import { SignIn } from './sign-in.tsx';
import { VisitRefused } from './visit.tsx';

/** Links of ours are followed in the page; all others, an application's too, by the browser. */
const ours = new RegExp(
  `^${settings.base.replace(/[.*+?^${}()|[\\]\\\\]/g, '\\\\$&')}/(account|verify-email|reset-password|forgot-password|confirm-email-change|undo-email-change)(/|\\\\?|$)`,
);

export function App() {
  if (settings.visit && 'refused' in settings.visit) return <VisitRefused />;
  return (
    <LocationProvider scope={ours}>
      <ErrorBoundary>
        <Router onRouteChange={toTheTop}>
          <Route path={at('/account')} component={Home} />
          <Route path={at('/account/sign-in')} component={SignIn} />
          <Route default component={NotFound} />
        </Router>
      </ErrorBoundary>
    </LocationProvider>
  );
}

/** Who hears the page learns that it is another one. */
function toTheTop(): void {
  scrollTo(0, 0);
  document.getElementById('main')?.focus({ preventScroll: true });
}
