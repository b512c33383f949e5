import { ErrorBoundary } from 'preact-iso/lazy';
import { LocationProvider, Route, Router } from 'preact-iso/router';
import { at, settings } from '../kit/settings.ts';
import { NotFound } from './not-found.tsx';
import { SignIn } from './sign-in.tsx';
import { laterPage, securityLanguages } from './text.ts';
import { VisitRefused } from './visit.tsx';

const strangers = () => import('./strangers-pages.ts');
const personal = () => import('./personal-pages.ts');
const SignUp = laterPage(async () => (await strangers()).SignUp);
const VerifyEmail = laterPage(async () => (await strangers()).VerifyEmail);
const ForgotPassword = laterPage(async () => (await strangers()).ForgotPassword);
const ResetPassword = laterPage(async () => (await strangers()).ResetPassword);
const EmailSignIn = laterPage(async () => (await strangers()).EmailSignIn);
const ConfirmEmailChange = laterPage(async () => (await strangers()).ConfirmEmailChange);
const UndoEmailChange = laterPage(async () => (await strangers()).UndoEmailChange);
const Profile = laterPage(async () => (await personal()).Profile);
const Security = laterPage(async () => (await personal()).Security, securityLanguages);
const Devices = laterPage(async () => (await personal()).Devices);
const Data = laterPage(async () => (await personal()).Data);

/** Links of ours are followed in the page; all others, an application's too, by the browser. */
const ours = new RegExp(
  `^${settings.base.replace(/\W/g, '\\$&')}/(account|verify-email|reset-password|forgot-password|email-sign-in|confirm-email-change|undo-email-change)(/|\\?|$)`,
);

export function App() {
  if (settings.visit && 'refused' in settings.visit) return <VisitRefused />;
  return (
    <LocationProvider scope={ours}>
      <ErrorBoundary>
        <Router onRouteChange={toTheTop}>
          <Route path={at('/account')} component={Profile} />
          <Route path={at('/account/sign-in')} component={SignIn} />
          <Route path={at('/account/sign-up')} component={settings.hasSignUp ? SignUp : NotFound} />
          <Route path={at('/account/security')} component={Security} />
          <Route path={at('/account/devices')} component={Devices} />
          <Route path={at('/account/data')} component={Data} />
          <Route path={at('/verify-email')} component={VerifyEmail} />
          <Route path={at('/forgot-password')} component={ForgotPassword} />
          <Route path={at('/reset-password')} component={ResetPassword} />
          <Route path={at('/email-sign-in')} component={EmailSignIn} />
          <Route path={at('/confirm-email-change')} component={ConfirmEmailChange} />
          <Route path={at('/undo-email-change')} component={UndoEmailChange} />
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
