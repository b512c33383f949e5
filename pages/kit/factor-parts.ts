/** What asks for factors besides the password: loaded together, when it is needed. */
export { SecondStep } from './second-step.tsx';
export { StepUp } from './step-up.tsx';
