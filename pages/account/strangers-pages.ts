/** What people need who are not signed in, besides signing in: loaded together. */
export { ConfirmEmailChange } from './confirm-email-change.tsx';
export { EmailSignIn } from './email-sign-in.tsx';
export { ForgotPassword } from './forgot-password.tsx';
export { MailSignIn } from './mail-sign-in.tsx';
export { goToProvider, ProviderArrival } from './provider-arrival.tsx';
export { ResendCard } from './resend-card.tsx';
export { ResetPassword } from './reset-password.tsx';
export { SignUp } from './sign-up.tsx';
export { UndoEmailChange } from './undo-email-change.tsx';
export { VerifyEmail } from './verify-email.tsx';
